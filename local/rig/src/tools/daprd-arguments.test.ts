import { expect, test } from 'vitest';
import { daprdArguments, listItem } from './daprd-arguments.js';

const args = daprdArguments({
  appId: 'distributor',
  appPort: 3001,
  appHealthPath: '/healthz',
  httpPort: 3501,
  grpcPort: 3502,
  internalGrpcPort: 3503,
  metricsPort: 3504,
  resourcesDir: '/tmp/rendered',
});

test('every server of a daprd listens on 127.0.0.1 and on the port it was given', () => {
  for (const flag of [
    '--app-channel-address',
    '--dapr-listen-addresses',
    '--dapr-internal-grpc-listen-address',
    '--metrics-listen-address',
  ]) {
    expect(flagValue(flag)).toBe('127.0.0.1');
  }
  const portFlags = [
    '--app-port',
    '--dapr-http-port',
    '--dapr-grpc-port',
    '--dapr-internal-grpc-port',
    '--metrics-port',
  ];
  expect(portFlags.map(flagValue)).toEqual(['3001', '3501', '3502', '3503', '3504']);
});

test('a daprd reads its manifests and its configuration from the rendered folder', () => {
  expect(flagValue('--resources-path')).toBe('/tmp/rendered');
  expect(args.filter((_, index) => args[index - 1] === '--config')).toEqual([
    '/tmp/rendered/configuration.yaml',
    '/tmp/rendered/configuration-local.yaml',
  ]);
});

test.each([
  ['/plain/path', '/plain/path'],
  ['/a,b/c', '"/a,b/c"'],
  ['/say "x"/c', '"/say ""x""/c"'],
])('a path of %s is one item of a list', (path, item) => {
  expect(listItem(path)).toBe(item);
});

test('a daprd waits for the app to be healthy, and never takes a retried outage for its end', () => {
  expect(args).toContain('--enable-app-health-check');
  expect(flagValue('--app-health-check-path')).toBe('/healthz');
  const patienceMs =
    Number(flagValue('--app-health-probe-interval')) * Number(flagValue('--app-health-threshold')) * 1_000;
  const longestRetryMs = 15 * 60_000;
  expect(patienceMs).toBeGreaterThan(longestRetryMs);
  expect(Number(flagValue('--app-health-probe-timeout'))).toBeLessThanOrEqual(
    Number(flagValue('--app-health-probe-interval')) * 1_000,
  );
});

function flagValue(flag: string): string | undefined {
  return args[args.indexOf(flag) + 1];
}
