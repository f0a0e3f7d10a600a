import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APP_IDS } from '@order-bench/orders';
import { blobConnectionString, serviceBusConnectionString } from '@order-bench/rig';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findContender } from '../contenders/contender.js';
import { findRuntime } from '../contenders/runtime.js';
import { runFileOf } from './dapr-yaml.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dapr-run-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('each app is started as its descriptor says, with a daprd that knows it', async () => {
  const { contender, apps } = await written('express-ts');
  const runtime = await findRuntime(contender, undefined, new Map());
  expect(apps.map(({ appID }) => appID)).toEqual(APP_IDS);
  for (const { appID, appDirPath, command, env, appPort, daprHTTPPort, appHealthCheckPath } of apps) {
    expect(appDirPath).toBe(contender.dir);
    expect(command).toEqual([...runtime.command, ...contender.start.slice(1)]);
    expect(Object.keys(env)).toEqual(expect.arrayContaining(Object.keys(contender.env ?? {})));
    expect(env).toMatchObject({ APP_ID: appID, APP_PORT: String(appPort), DAPR_HTTP_PORT: String(daprHTTPPort) });
    expect(appHealthCheckPath).toBe(contender.healthPath);
  }
});

test('what Dapr’s documentation calls required is there, and every key is one of its', async () => {
  const { version, common, apps } = await written('null-ts');
  expect(version).toBe(1);
  expect(Object.keys(common).filter(key => !COMMON_KEYS.includes(key))).toEqual([]);
  for (const app of apps) {
    expect(app).toMatchObject({ appDirPath: expect.any(String), command: expect.any(Array), env: expect.any(Object) });
    expect(Object.keys(app).filter(key => ![...COMMON_KEYS, ...APP_KEYS].includes(key))).toEqual([]);
  }
  const ports = apps.flatMap(app => [
    app.appPort,
    app.daprHTTPPort,
    app.daprGRPCPort,
    app.daprInternalGRPCPort,
    app.metricsPort,
  ]);
  expect(new Set(ports).size).toBe(15);
});

test('resources are those of the rig; its two configurations are one; daprd is the rig’s own', async () => {
  const { common } = await written('null-ts');
  const [resourcesDir = ''] = common.resourcesPaths;
  expect(await readdir(resourcesDir)).toEqual(expect.arrayContaining(['q-order-ingress.yaml', 'resiliency.yaml']));
  expect(await readFile(join(resourcesDir, 'q-order-ingress.yaml'), 'utf8')).toContain('sb://127.0.0.1:5672;');
  expect(await readFile(join(resourcesDir, 'express-outbox.yaml'), 'utf8')).toContain('http://127.0.0.1:10000');
  expect(parse(await readFile(common.configFilePath, 'utf8'))).toMatchObject({
    kind: 'Configuration',
    spec: { metrics: { enabled: true }, nameResolution: { component: 'nameformat' } },
  });
  expect(await readlink(join(common.runtimePath, '.dapr', 'bin', 'daprd'))).toBe('/opt/daprd');
});

test('a contender without Dapr is refused', async () => {
  await expect(written('rig-direct')).rejects.toThrow('rig-direct runs without Dapr');
});

/** Source: Dapr, "How to: Use the Multi-App Run template file", its table of properties. */
const COMMON_KEYS = [
  ...['env', 'resourcesPaths', 'configFilePath', 'runtimePath', 'apiListenAddresses', 'appProtocol', 'logLevel'],
  ...['enableAppHealthCheck', 'appHealthCheckPath', 'appHealthProbeInterval', 'appHealthProbeTimeout'],
  ...['appHealthThreshold', 'enableApiLogging', 'maxBodySize', 'readBufferSize', 'appMaxConcurrency'],
  ...['placementHostAddress', 'schedulerHostAddress', 'appSSL', 'daprdLogDestination', 'appLogDestination'],
];
const APP_KEYS = [
  ...['appID', 'appDirPath', 'appPort', 'appChannelAddress', 'command', 'daprHTTPPort', 'daprGRPCPort'],
  ...['daprInternalGRPCPort', 'metricsPort', 'profilePort', 'unixDomainSocket', 'enableProfiling'],
];

interface RunFile {
  readonly version: number;
  readonly common: {
    readonly resourcesPaths: readonly string[];
    readonly configFilePath: string;
    readonly runtimePath: string;
  };
  readonly apps: readonly RunApp[];
}

interface RunApp {
  readonly appID: string;
  readonly appDirPath: string;
  readonly appPort: number;
  readonly daprHTTPPort: number;
  readonly daprGRPCPort: number;
  readonly daprInternalGRPCPort: number;
  readonly metricsPort: number;
  readonly appHealthCheckPath: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function written(name: string) {
  const contender = await findContender(name);
  const runtime = await findRuntime(contender, undefined, new Map());
  const file = await runFileOf(
    { contender, runtime },
    {
      serviceBusConnectionString: serviceBusConnectionString(5672),
      blobConnectionString: blobConnectionString(10_000),
      daprd: '/opt/daprd',
      dir: join(dir, 'run'),
    },
  );
  return { contender, ...(parse(await readFile(file, 'utf8')) as RunFile) };
}
