import { join } from 'node:path';

/** Which app a daprd serves and where both listen; every port is one on 127.0.0.1. */
export interface DaprdOptions {
  readonly appId: string;
  readonly appPort: number;
  /** Probed by daprd; 2xx means the app can take orders. */
  readonly appHealthPath: string;
  /** Dapr's HTTP API, which the app calls. */
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly internalGrpcPort: number;
  /** Prometheus metrics at `/metrics`. */
  readonly metricsPort: number;
  /** Where `renderDaprComponents` wrote the manifests. */
  readonly resourcesDir: string;
}

/** A path for a flag that daprd reads as a line of CSV: as it is, or quoted where it would be taken for several. */
export function listItem(path: string): string {
  return /[,"]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}

const HOST = '127.0.0.1';
/** Files among the manifests that configure every daprd; the later one wins where both set a thing. */
export const CONFIGURATIONS = ['configuration.yaml', 'configuration-local.yaml'];

const HEALTH_PROBE_INTERVAL_S = 1;
const HEALTH_PROBE_TIMEOUT_MS = 1_000;
/**
 * An hour: longer than any retry (15 min). A daprd that takes its app for down stops reading, and while it waits for the
 * orders being retried it hands every further one back at once, ten times in a second: run with 3, a 12-second outage
 * put 6 to 17 good orders among the dead letters. What the check is for here is the start: nothing is read before the
 * app is well. Failed probes add up, however many succeed between them.
 */
const HEALTH_FAILURES = 3_600;

/**
 * The flags of one daprd in standalone mode: one process an app id, app and daprd found by address, no control plane,
 * everything on 127.0.0.1.
 */
export function daprdArguments(options: DaprdOptions): string[] {
  return [
    ...['--app-id', options.appId],
    ...['--app-protocol', 'http', '--app-channel-address', HOST, '--app-port', `${options.appPort}`],
    ...['--enable-app-health-check', '--app-health-check-path', options.appHealthPath],
    ...['--app-health-probe-interval', `${HEALTH_PROBE_INTERVAL_S}`],
    ...['--app-health-probe-timeout', `${HEALTH_PROBE_TIMEOUT_MS}`],
    ...['--app-health-threshold', `${HEALTH_FAILURES}`],
    ...['--dapr-listen-addresses', HOST],
    ...['--dapr-http-port', `${options.httpPort}`, '--dapr-grpc-port', `${options.grpcPort}`],
    ...['--dapr-internal-grpc-listen-address', HOST, '--dapr-internal-grpc-port', `${options.internalGrpcPort}`],
    ...['--metrics-listen-address', HOST, '--metrics-port', `${options.metricsPort}`],
    ...['--resources-path', listItem(options.resourcesDir)],
    ...CONFIGURATIONS.flatMap(file => ['--config', listItem(join(options.resourcesDir, file))]),
    // An order of 1 MiB can be several times as long inside a call to Dapr, where 1e20 becomes 21 digits.
    ...['--max-body-size', '16Mi'],
    ...['--dapr-graceful-shutdown-seconds', '5'],
    ...['--log-level', 'warn'],
  ];
}
