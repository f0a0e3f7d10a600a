import { createRequire } from 'node:module';
import { join } from 'node:path';
import { blobConnectionString } from '@order-bench/blob';
import { serviceBusConnectionString } from '@order-bench/broker';
import { BlobAdmin } from './blob-admin.js';
import { BrokerAdmin } from './broker-admin.js';
import { type Connections, daprValues, renderDaprComponents } from './dapr-components.js';
import { noProxyForLoopback } from './no-proxy.js';
import { claimPorts } from './ports.js';
import type { ProcessSpec } from './process-spec.js';
import { Supervisor } from './supervisor.js';
import { type DaprdOptions, daprdArguments } from './tools/daprd-arguments.js';
import { tracingFrom } from './tracing.js';

/** Where an app listens and whom it calls, decided when the rig starts. */
export interface AppAddresses extends Connections {
  readonly appId: string;
  readonly host: string;
  readonly port: number;
  readonly daprHost: string;
  readonly daprPort: number;
  readonly daprUrl: string;
  /** A folder of this process alone, for what its runtime keeps on disk; nobody has made it. */
  readonly stateDir: string;
}

/** The processes of one app id, each with or without a daprd of its own beside it. */
export interface RigApp {
  /** Dapr's app id; names the processes `app-<appId>` and `daprd-<appId>`, the further ones `app-<appId>-2` and so on. */
  readonly appId: string;
  /**
   * How many processes, 1 unless said otherwise. Each has a daprd of its own, as a replica with a sidecar has: a daprd
   * calls one address, and the daprds of an app id compete for its queue.
   */
  readonly replicas?: number;
  /** Answers 2xx when the app can take requests. */
  readonly healthPath: string;
  readonly dapr: boolean;
  launch(addresses: AppAddresses): Pick<ProcessSpec, 'command' | 'cwd' | 'env'>;
}

/** Which store takes the blobs: the rig's own server, or real Azurite. */
export type BlobStoreKind = 'local' | 'azurite';

/** What to start. */
export interface RigOptions {
  /** Folder for the logs and the rendered Dapr manifests of this rig. */
  readonly runDir: string;
  readonly queues: readonly string[];
  /** Topics by name, each with the names of its subscriptions, which Dapr wants to be app ids. */
  readonly topics?: Readonly<Record<string, readonly string[]>>;
  readonly apps: readonly RigApp[];
  readonly blobs: BlobStoreKind;
  /** The daprd program and any arguments before the rig's own. */
  readonly daprd: readonly string[];
  /** Put before the commands of broker and blob server, e.g. `taskset` with the cores that they may use. */
  readonly standInPrefix?: readonly string[];
  /** Locks end after this; 60 s as in Azure unless a test wants them shorter. */
  readonly lockDurationMs?: number;
  /** Delay of each queue operation, for Azure-like conditions. */
  readonly queueLatencyMs?: number;
  /** Delay of each blob operation; Azurite has none. */
  readonly blobLatencyMs?: number;
  /** Messages that each daprd holds, and calls to its app, at once; otherwise what dapr-components/ says. */
  readonly handlers?: number;
  /** Settled messages that the broker remembers for each queue; otherwise its own default of 20,000. */
  readonly settledRecords?: number;
  readonly restartOnFailure?: boolean;
  /** Whether broker and blob server can be made to fail through their side doors, and the broker logs every event. */
  readonly faults?: boolean;
}

/** One daprd of a rig. */
export interface RigDapr {
  /** Its process: `daprd-<appId>`, or `daprd-<appId>-2` and so on. */
  readonly name: string;
  readonly appId: string;
  /** Prometheus metrics. */
  readonly metricsUrl: string;
}

/** A running rig. */
export interface Rig extends Connections {
  readonly supervisor: Supervisor;
  readonly broker: BrokerAdmin;
  /** Absent on Azurite, which records no write times of its own. */
  readonly blobs?: BlobAdmin;
  readonly queues: readonly string[];
  readonly daprs: readonly RigDapr[];
  /** What each process answers at, by its name: an app its orders, a daprd Dapr's API, broker and blob server what they hold. */
  readonly urls: Readonly<Record<string, string>>;
  readonly logDir: string;
  /** The rendered Dapr manifests that its daprds read. */
  readonly resourcesDir: string;
  /** Ends every process of the rig. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const PORTS_PER_APP = 5;
const resolveModule = createRequire(import.meta.url).resolve;

/**
 * Starts broker and blob server, then the apps, then a daprd for each app, and returns when all are ready.
 *
 * @throws ProcessFailed when a process ends or does not get ready; everything started is stopped before.
 */
export async function startRig(options: RigOptions): Promise<Rig> {
  noProxyForLoopback(process.env);
  const names = options.apps.flatMap(app =>
    Array.from({ length: app.replicas ?? 1 }, (_, index) => ({ app, name: replicaName(app.appId, index) })),
  );
  const claim = await claimPorts(4 + PORTS_PER_APP * names.length);
  const [brokerPort = 0, brokerAdminPort = 0, blobPort = 0, blobAdminPort = 0, ...appPorts] = claim.ports;
  const logDir = join(options.runDir, 'logs');
  const resourcesDir = join(options.runDir, 'dapr');
  const connections = {
    serviceBusConnectionString: serviceBusConnectionString(brokerPort),
    blobConnectionString: blobConnectionString(blobPort),
  };
  await renderDaprComponents({
    values: daprValues(connections),
    outDir: resourcesDir,
    tracing: tracingFrom(process.env),
    appIds: options.apps.map(({ appId }) => appId),
    queues: options.queues,
    topics: Object.keys(options.topics ?? {}),
    ...(options.handlers === undefined ? {} : { handlers: options.handlers }),
  });
  const replicas = names.map((replica, index): Replica => {
    const ports = appPorts.slice(index * PORTS_PER_APP, (index + 1) * PORTS_PER_APP);
    const [port = 0, httpPort = 0, grpcPort = 0, internalGrpcPort = 0, metricsPort = 0] = ports;
    const { appId } = replica.app;
    const dapr = { daprHost: HOST, daprPort: httpPort, daprUrl: `http://${HOST}:${httpPort}` };
    return {
      ...replica,
      addresses: {
        ...connections,
        appId,
        host: HOST,
        port,
        ...dapr,
        stateDir: join(options.runDir, 'state', replica.name),
      },
      daprPorts: { httpPort, grpcPort, internalGrpcPort, metricsPort },
    };
  });
  const withDapr = replicas.filter(({ app }) => app.dapr);
  const supervisor = new Supervisor({ logDir, claim, restartOnFailure: options.restartOnFailure ?? false });
  try {
    await supervisor.start([
      brokerSpec(options, brokerPort, brokerAdminPort),
      options.blobs === 'local' ? blobSpec(options, blobPort, blobAdminPort) : azuriteSpec(options, blobPort),
    ]);
    await supervisor.start(replicas.map(appSpec));
    await supervisor.start(withDapr.map(replica => daprdSpec(replica, options.daprd, resourcesDir)));
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return {
    ...connections,
    supervisor,
    queues: options.queues,
    daprs: withDapr.map(({ app, name, daprPorts }) => ({
      name: daprdName(name),
      appId: app.appId,
      metricsUrl: `http://${HOST}:${daprPorts.metricsPort}/metrics`,
    })),
    urls: Object.fromEntries([
      ['broker', `http://${HOST}:${brokerAdminPort}/queues`],
      ...(options.blobs === 'local' ? [['blob', `http://${HOST}:${blobAdminPort}/containers`]] : []),
      ...replicas.map(({ name, addresses }) => [appName(name), `http://${HOST}:${addresses.port}`]),
      ...withDapr.map(({ name, addresses }) => [daprdName(name), addresses.daprUrl]),
    ]),
    logDir,
    resourcesDir,
    broker: new BrokerAdmin(`http://${HOST}:${brokerAdminPort}`),
    ...(options.blobs === 'local' ? { blobs: new BlobAdmin(`http://${HOST}:${blobAdminPort}`) } : {}),
    stop: () => supervisor.stop(),
  };
}

/** One process of an app id, with all that it and its daprd need. */
interface Replica {
  readonly app: RigApp;
  /** The app id, or `<app id>-2` and so on. */
  readonly name: string;
  readonly addresses: AppAddresses;
  readonly daprPorts: Pick<DaprdOptions, 'httpPort' | 'grpcPort' | 'internalGrpcPort' | 'metricsPort'>;
}

/** The first replica is named as if it were the only one. */
function replicaName(appId: string, index: number): string {
  return index === 0 ? appId : `${appId}-${index + 1}`;
}

function appName(replica: string): string {
  return `app-${replica}`;
}

function daprdName(replica: string): string {
  return `daprd-${replica}`;
}

function appSpec({ app, name, addresses }: Replica): ProcessSpec {
  return {
    ...app.launch(addresses),
    name: appName(name),
    role: 'app',
    readyUrl: `http://${HOST}:${addresses.port}${app.healthPath}`,
  };
}

function daprdSpec(
  { app, name, addresses, daprPorts }: Replica,
  daprd: readonly string[],
  resourcesDir: string,
): ProcessSpec {
  const args = daprdArguments({
    appId: app.appId,
    appPort: addresses.port,
    appHealthPath: app.healthPath,
    ...daprPorts,
    resourcesDir,
  });
  return {
    name: daprdName(name),
    role: 'dapr',
    command: [...daprd, ...args],
    readyUrl: `${addresses.daprUrl}/v1.0/healthz`,
  };
}

function brokerSpec(options: RigOptions, port: number, adminPort: number): ProcessSpec {
  return {
    name: 'broker',
    role: 'rig',
    command: [
      ...standIn(options, '@order-bench/broker/main'),
      ...['--port', `${port}`, '--http-port', `${adminPort}`],
      ...options.queues.flatMap(queue => ['--queue', queue]),
      ...topicArgs(options.topics ?? {}),
      ...numberFlag('--lock-duration-ms', options.lockDurationMs),
      ...numberFlag('--latency-ms', options.queueLatencyMs),
      ...numberFlag('--settled', options.settledRecords),
      ...(options.faults ? ['--faults'] : []),
    ],
    readyUrl: `http://${HOST}:${adminPort}/healthz`,
  };
}

/** The broker's flags for topics and their subscriptions. */
export function topicArgs(topics: NonNullable<RigOptions['topics']>): string[] {
  return Object.entries(topics).flatMap(([topic, names]) => ['--topic', `${topic}:${names.join(',')}`]);
}

function blobSpec(options: RigOptions, port: number, adminPort: number): ProcessSpec {
  return {
    name: 'blob',
    role: 'rig',
    command: [
      ...standIn(options, '@order-bench/blob/main'),
      ...['--port', `${port}`, '--http-port', `${adminPort}`],
      ...numberFlag('--latency-ms', options.blobLatencyMs),
      ...(options.faults ? ['--faults'] : []),
    ],
    readyUrl: `http://${HOST}:${adminPort}/healthz`,
  };
}

function azuriteSpec(options: RigOptions, port: number): ProcessSpec {
  return {
    name: 'azurite',
    role: 'rig',
    command: [
      ...standIn(options, 'azurite/dist/src/blob/main.js'),
      ...['--blobHost', HOST, '--blobPort', `${port}`],
      ...['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--silent'],
    ],
    readyUrl: `tcp://${HOST}:${port}`,
  };
}

function numberFlag(flag: string, value: number | undefined): string[] {
  return value === undefined ? [] : [flag, `${value}`];
}

function standIn({ standInPrefix = [] }: RigOptions, entry: string): string[] {
  return [...standInPrefix, process.execPath, resolveModule(entry)];
}
