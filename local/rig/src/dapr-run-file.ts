import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Connections, daprValues, renderDaprComponents } from './dapr-components.js';
import type { RigApp } from './rig.js';
import { CONFIGURATIONS, daprdArguments } from './tools/daprd-arguments.js';
import { tracingFrom } from './tracing.js';

/** What `dapr run -f` shall start. */
export interface DaprRun extends Connections {
  /** A folder for dapr.yaml and what it names; what was in it before is removed. */
  readonly dir: string;
  /** One process of each. */
  readonly apps: readonly RigApp[];
  readonly queues: readonly string[];
  /** By name. */
  readonly topics: Readonly<Record<string, unknown>>;
  /** Path of daprd. */
  readonly daprd: string;
  /** Messages that each daprd holds, and calls to its app, at once; otherwise what dapr-components/ says. */
  readonly handlers?: number;
}

/**
 * Writes a multi-app run file, by which Dapr's CLI starts the apps and a daprd beside each, on ports that are always the same
 * (from 3001 on). Resources, configuration and daprd are in the same folder: no `dapr init` is needed.
 *
 * Source: Dapr, "How to: Use the Multi-App Run template file".
 *
 * @returns the file's path.
 * @throws as renderDaprComponents.
 */
export async function writeDaprRunFile(options: DaprRun): Promise<string> {
  const { dir, apps, queues, topics, daprd, handlers, ...connections } = options;
  const resourcesDir = join(dir, 'resources');
  const configFilePath = join(dir, 'configuration.yaml');
  const binDir = join(dir, '.dapr', 'bin');
  await rm(dir, { recursive: true, force: true });
  await renderDaprComponents({
    values: daprValues(connections),
    outDir: resourcesDir,
    appIds: apps.map(({ appId }) => appId),
    queues,
    topics: Object.keys(topics),
    tracing: tracingFrom(process.env),
    ...(handlers === undefined ? {} : { handlers }),
  });
  await writeFile(configFilePath, stringify(await oneConfiguration(resourcesDir)));
  await mkdir(binDir, { recursive: true });
  await symlink(daprd, join(binDir, 'daprd'));
  const file = join(dir, 'dapr.yaml');
  const runFile = {
    version: 1,
    common: {
      resourcesPaths: [resourcesDir],
      configFilePath,
      runtimePath: dir,
      // By itself it makes a folder for logs in each app's.
      appLogDestination: 'console',
      daprdLogDestination: 'console',
    },
    apps: apps.map((app, index) => runApp(app, { index, dir, resourcesDir, connections })),
  };
  await writeFile(file, stringify(runFile, { lineWidth: 0 }), { mode: 0o600 });
  return file;
}

const HOST = '127.0.0.1';

interface RunPlace {
  readonly index: number;
  readonly dir: string;
  readonly resourcesDir: string;
  readonly connections: Connections;
}

function runApp(app: RigApp, { index, dir, resourcesDir, connections }: RunPlace) {
  const [appPort, httpPort, grpcPort] = [3001 + index, 3501 + index, 3601 + index];
  const [internalGrpcPort, metricsPort] = [3701 + index, 3801 + index];
  const { appId, healthPath: appHealthPath } = app;
  const { command, cwd, env } = app.launch({
    ...connections,
    ...{ appId, host: HOST, port: appPort },
    ...{ daprHost: HOST, daprPort: httpPort, daprUrl: `http://${HOST}:${httpPort}` },
    stateDir: join(dir, 'state', appId),
  });
  const ports = { appPort, httpPort, grpcPort, internalGrpcPort, metricsPort };
  return {
    ...runSettings(daprdArguments({ appId, appHealthPath, resourcesDir, ...ports })),
    appDirPath: cwd ?? dir,
    command,
    env: env ?? {},
  };
}

/**
 * What the run file calls daprd's flags; null where it has no word for one, or where all apps share it.
 *
 * Source: dapr/cli, pkg/standalone/run.go, `RunConfig`.
 */
const WORDS: Readonly<Record<string, string | null>> = {
  'app-id': 'appID',
  'app-protocol': 'appProtocol',
  'app-channel-address': 'appChannelAddress',
  'app-port': 'appPort',
  'enable-app-health-check': 'enableAppHealthCheck',
  'app-health-check-path': 'appHealthCheckPath',
  'app-health-probe-interval': 'appHealthProbeInterval',
  'app-health-probe-timeout': 'appHealthProbeTimeout',
  'app-health-threshold': 'appHealthThreshold',
  'dapr-listen-addresses': 'apiListenAddresses',
  'dapr-http-port': 'daprHTTPPort',
  'dapr-grpc-port': 'daprGRPCPort',
  'dapr-internal-grpc-port': 'daprInternalGRPCPort',
  'metrics-port': 'metricsPort',
  'max-body-size': 'maxBodySize',
  'log-level': 'logLevel',
  'resources-path': null,
  config: null,
  'dapr-internal-grpc-listen-address': null,
  'metrics-listen-address': null,
  'dapr-graceful-shutdown-seconds': null,
};

/** @throws RangeError for a flag that this table lacks. */
function runSettings(args: readonly string[]): Record<string, string | number | boolean> {
  const entries = args.flatMap((arg, index) => {
    if (!arg.startsWith('--')) return [];
    const word = WORDS[arg.slice(2)];
    if (word === undefined) throw new RangeError(`nothing is known of what a run file calls daprd's ${arg}`);
    const value = args[index + 1];
    return word === null ? [] : [[word, value === undefined || value.startsWith('--') ? true : plain(value)] as const];
  });
  return Object.fromEntries(entries);
}

function plain(value: string): string | number {
  return /^\d+$/.test(value) ? Number(value) : value;
}

/** daprd takes several, of which the later one wins; the run file takes one. */
async function oneConfiguration(resourcesDir: string): Promise<object> {
  const read = async (file: string) => parse(await readFile(join(resourcesDir, file), 'utf8')) as Configuration;
  const configurations = await Promise.all(CONFIGURATIONS.map(read));
  const spec = Object.assign({}, ...configurations.map(({ spec }) => spec)) as object;
  return { ...configurations[0], spec };
}

interface Configuration {
  readonly spec: object;
}
