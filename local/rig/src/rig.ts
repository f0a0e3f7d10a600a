import { createRequire } from 'node:module';
import { join } from 'node:path';
import { blobConnectionString, DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '@order-bench/blob';
import { serviceBusConnectionString } from '@order-bench/broker';
import { BlobAdmin } from './blob-admin.js';
import { BrokerAdmin } from './broker-admin.js';
import { renderDaprComponents } from './dapr-components.js';
import { freePorts } from './ports.js';
import type { ProcessSpec } from './process-spec.js';
import { Supervisor } from './supervisor.js';
import { daprdArguments } from './tools/daprd-arguments.js';

/** Where an app listens and whom it calls, decided when the rig starts. */
export interface AppAddresses {
  readonly appId: string;
  readonly host: string;
  readonly port: number;
  readonly daprHost: string;
  readonly daprPort: number;
  readonly daprUrl: string;
  readonly serviceBusConnectionString: string;
  readonly blobConnectionString: string;
}

/** One process of an application, with or without a daprd of its own beside it. */
export interface RigApp {
  /** Dapr's app id; names the processes `app-<appId>` and `daprd-<appId>`. */
  readonly appId: string;
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
  readonly apps: readonly RigApp[];
  readonly blobs: BlobStoreKind;
  /** The daprd program and any arguments before the rig's own. */
  readonly daprd: readonly string[];
  /** Locks end after this; 60 s as in Azure unless a test wants them shorter. */
  readonly lockDurationMs?: number;
  /** Delay of each queue and blob operation, for Azure-like conditions. */
  readonly latencyMs?: number;
  readonly restartOnFailure?: boolean;
}

/** A running rig. */
export interface Rig {
  readonly supervisor: Supervisor;
  readonly serviceBusConnectionString: string;
  readonly blobConnectionString: string;
  readonly broker: BrokerAdmin;
  /** Absent on Azurite, which records no write times of its own. */
  readonly blobs?: BlobAdmin;
  readonly logDir: string;
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
  const [brokerPort = 0, brokerAdminPort = 0, blobPort = 0, blobAdminPort = 0, ...appPorts] = await freePorts(
    4 + PORTS_PER_APP * options.apps.length,
  );
  const logDir = join(options.runDir, 'logs');
  const componentsDir = join(options.runDir, 'dapr');
  const connections = {
    serviceBusConnectionString: serviceBusConnectionString(brokerPort),
    blobConnectionString: blobConnectionString(blobPort),
  };
  await renderDaprComponents(
    {
      serviceBusConnectionString: connections.serviceBusConnectionString,
      storageAccountName: DEVELOPMENT_ACCOUNT,
      storageAccountKey: DEVELOPMENT_KEY,
      storageEndpoint: `http://${HOST}:${blobPort}`,
    },
    componentsDir,
  );
  const launched = options.apps.map((app, index) => {
    const [port = 0, ...daprPorts] = appPorts.slice(index * PORTS_PER_APP, (index + 1) * PORTS_PER_APP);
    const daprPort = daprPorts[0] ?? 0;
    const addresses = {
      ...connections,
      appId: app.appId,
      host: HOST,
      port,
      daprHost: HOST,
      daprPort,
      daprUrl: `http://${HOST}:${daprPort}`,
    };
    return { app, addresses, daprPorts };
  });
  const supervisor = new Supervisor({ logDir, restartOnFailure: options.restartOnFailure ?? false });
  try {
    await supervisor.start([
      brokerSpec(options, brokerPort, brokerAdminPort),
      options.blobs === 'local' ? blobSpec(options, blobPort, blobAdminPort) : azuriteSpec(blobPort),
    ]);
    await supervisor.start(
      launched.map(({ app, addresses }) => ({
        ...app.launch(addresses),
        name: `app-${app.appId}`,
        role: 'app',
        readyUrl: `http://${HOST}:${addresses.port}${app.healthPath}`,
      })),
    );
    await supervisor.start(
      launched
        .filter(({ app }) => app.dapr)
        .map(({ app, addresses, daprPorts }) => {
          const [httpPort = 0, grpcPort = 0, internalGrpcPort = 0, metricsPort = 0] = daprPorts;
          const args = daprdArguments({
            appId: app.appId,
            appPort: addresses.port,
            appHealthPath: app.healthPath,
            httpPort,
            grpcPort,
            internalGrpcPort,
            metricsPort,
            resourcesDir: componentsDir,
          });
          return {
            name: `daprd-${app.appId}`,
            role: 'dapr',
            command: [...options.daprd, ...args],
            readyUrl: `${addresses.daprUrl}/v1.0/healthz`,
          };
        }),
    );
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return {
    ...connections,
    supervisor,
    logDir,
    broker: new BrokerAdmin(`http://${HOST}:${brokerAdminPort}`),
    ...(options.blobs === 'local' ? { blobs: new BlobAdmin(`http://${HOST}:${blobAdminPort}`) } : {}),
    stop: () => supervisor.stop(),
  };
}

function brokerSpec(options: RigOptions, port: number, adminPort: number): ProcessSpec {
  return {
    name: 'broker',
    role: 'rig',
    command: [
      ...nodeCommand('@order-bench/broker/main'),
      ...['--port', `${port}`, '--http-port', `${adminPort}`],
      ...options.queues.flatMap(queue => ['--queue', queue]),
      ...(options.lockDurationMs === undefined ? [] : ['--lock-duration-ms', `${options.lockDurationMs}`]),
      ...latencyFlags(options),
    ],
    readyUrl: `http://${HOST}:${adminPort}/healthz`,
  };
}

function blobSpec(options: RigOptions, port: number, adminPort: number): ProcessSpec {
  return {
    name: 'blob',
    role: 'rig',
    command: [
      ...nodeCommand('@order-bench/blob/main'),
      ...['--port', `${port}`, '--http-port', `${adminPort}`],
      ...latencyFlags(options),
    ],
    readyUrl: `http://${HOST}:${adminPort}/healthz`,
  };
}

function azuriteSpec(port: number): ProcessSpec {
  return {
    name: 'azurite',
    role: 'rig',
    command: [
      ...nodeCommand('azurite/dist/src/blob/main.js'),
      ...['--blobHost', HOST, '--blobPort', `${port}`],
      ...['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--silent'],
    ],
    readyUrl: `tcp://${HOST}:${port}`,
  };
}

function latencyFlags({ latencyMs }: RigOptions): string[] {
  return latencyMs === undefined ? [] : ['--latency-ms', `${latencyMs}`];
}

function nodeCommand(entry: string): string[] {
  return [process.execPath, resolveModule(entry)];
}
