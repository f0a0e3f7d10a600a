import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppId } from '@order-bench/orders';
import { type AppAddresses, claimPorts, isPortFree, type ProcessSpec, type RigApp, Supervisor } from '@order-bench/rig';
import { appsOf } from '../contenders/apps.js';
import type { ReadyContender } from '../contenders/build.js';
import type { CoreSplit, DaprNullSettings } from '../results/k6-result.js';
import { pinned } from '../sites/cores.js';
import { UsageError } from '../text/usage-error.js';
import { startDaprdEdge } from './daprd-edge.js';
import type { Behind, Edge } from './edge.js';

/** What to start. */
export interface EdgeOptions {
  readonly ready: ReadyContender;
  readonly role: AppId;
  readonly behind: Behind;
  readonly cores: CoreSplit | null;
  /** The logs are in `logs` below it. */
  readonly dir: string;
  /** Where the app listens; free ports where it is not given. This and what follows: only with the stub behind the app. */
  readonly port?: number;
  /** Instances of the app, 1 unless said otherwise. */
  readonly instances?: number;
  /** Added to the app's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long the apps may take to get ready, 30 s unless said otherwise. */
  readonly readyTimeoutMs?: number;
  /** Called just before the app is started. */
  readonly onAppStart?: (url: string) => void;
}

/**
 * Starts what is behind the app and the app, and returns when both are ready.
 *
 * @throws UsageError when the port is taken, ProcessFailed when a process dies or does not get ready.
 */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { behind, cores, dir } = options;
  const app = appOf(options);
  return behind.kind === 'daprd'
    ? startDaprdEdge({ app, daprd: behind.tool, cores, runDir: dir })
    : startNullEdge(options, app, behind);
}

async function startNullEdge(options: EdgeOptions, app: RigApp, behind: DaprNullSettings): Promise<Edge> {
  const { instances = 1, port, cores } = options;
  if (port !== undefined) await mustBeFree(port);
  const claim = await claimPorts(1 + instances);
  const [stubPort = 0, ...found] = claim.ports;
  const ports = port === undefined ? found : [port, ...found.slice(1)];
  const supervisor = new Supervisor({ logDir: join(options.dir, 'logs'), claim });
  try {
    await supervisor.start([stubSpec(stubPort, behind, cores)]);
    options.onAppStart?.(`http://${HOST}:${ports[0]}`);
    await supervisor.start(ports.map((own, index) => appSpec({ options, app, port: own, stubPort, index })));
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  const urls = ports.map(own => `http://${HOST}:${own}`);
  return {
    url: urls[0] ?? '',
    urls,
    healthPath: app.healthPath,
    appGroups: supervisor.groupsOf('app'),
    behindGroups: supervisor.groupsOf('rig'),
    failure: supervisor.failure,
    guard: child => supervisor.guard(child),
    stop: () => supervisor.stop(),
  };
}

const HOST = '127.0.0.1';
const STUB = fileURLToPath(new URL('dapr-null-main.js', import.meta.url));

function appOf({ ready, role }: EdgeOptions): RigApp {
  const { name, transport } = ready.contender;
  if (transport === 'topics')
    throw new UsageError(
      `${name} takes its orders in bulk, many a call, and k6's tests send one a call: measure it by make bench or make compare`,
    );
  const [app] = appsOf(ready.contender, [role], ready.runtime);
  if (app?.dapr) return app;
  throw new UsageError(`${name} talks to queue and blobs itself: it has no HTTP edge to load`);
}

function appSpec(start: {
  readonly options: EdgeOptions;
  readonly app: RigApp;
  readonly port: number;
  readonly stubPort: number;
  readonly index: number;
}): ProcessSpec {
  const { options, app, port, stubPort, index } = start;
  const addresses: AppAddresses = {
    appId: options.role,
    host: HOST,
    port,
    daprHost: HOST,
    daprPort: stubPort,
    daprUrl: `http://${HOST}:${stubPort}`,
    serviceBusConnectionString: '',
    blobConnectionString: '',
    stateDir: join(options.dir, 'state', `${index + 1}`),
  };
  const { command, cwd, env } = app.launch(addresses);
  return {
    name: `app-${index + 1}`,
    role: 'app',
    command: pinned(command, options.cores?.app),
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...env, ...options.env },
    readyUrl: `http://${HOST}:${port}${app.healthPath}`,
    ...(options.readyTimeoutMs === undefined ? {} : { readyTimeoutMs: options.readyTimeoutMs }),
  };
}

function stubSpec(port: number, { latencyMs, errorShare }: DaprNullSettings, cores: CoreSplit | null): ProcessSpec {
  const flags = ['--port', `${port}`, '--latency-ms', `${latencyMs}`, '--error-share', `${errorShare}`];
  return {
    name: 'dapr-null',
    role: 'rig',
    command: pinned([process.execPath, STUB, ...flags], cores?.generator),
    readyUrl: `http://${HOST}:${port}/v1.0/healthz`,
  };
}

async function mustBeFree(port: number): Promise<void> {
  if (!(await isPortFree(port)))
    throw new UsageError(`port ${port} of ${HOST} is taken: stop what listens there, or give another --port`);
}
