import { setTimeout as delay } from 'node:timers/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import { type ContainerState, type QueueState, type RigApp, startRig, type Tool } from '@order-bench/rig';
import type { CoreSplit } from '../results/k6-result.js';
import { pinned } from '../sites/cores.js';
import { makeOutboxes } from '../verify/blob-store.js';
import { OUTBOXES, QUEUES } from '../workload/pipeline.js';
import type { Edge } from './edge.js';

/** An app, and the daprd that is to be behind it. */
export interface DaprdEdgeOptions {
  readonly app: RigApp;
  readonly daprd: Tool;
  readonly cores: CoreSplit | null;
  readonly runDir: string;
}

const LOOK_MS = 500;
/** Some seconds' orders: few enough that broker and blob server stay as they are. */
const MOST_KEPT = 2_000;

/**
 * Starts a rig with one app id, whose output queues and containers are emptied as they fill.
 *
 * @throws ProcessFailed when a process dies or does not get ready.
 */
export async function startDaprdEdge({ app, daprd, cores, runDir }: DaprdEdgeOptions): Promise<Edge> {
  let url = '';
  const rig = await startRig({
    runDir,
    queues: QUEUES,
    blobs: 'local',
    daprd: pinned(daprd.command, cores?.generator),
    standInPrefix: pinned([], cores?.generator),
    apps: [
      {
        ...app,
        replicas: 1,
        launch(addresses) {
          url = `http://${addresses.host}:${addresses.port}`;
          const own = app.launch(addresses);
          return { ...own, command: pinned(own.command, cores?.app) };
        },
      },
    ],
  });
  const { supervisor } = rig;
  const ended = new AbortController();
  const emptying = keepEmpty(rig, ended.signal);
  const failure = Promise.race([supervisor.failure, emptying]);
  // Whoever runs something waits for it too; nobody does before that, and when the edge is stopped.
  failure.catch(() => {});
  const stop = async () => {
    ended.abort();
    await emptying.catch(() => {});
    await rig.stop();
  };
  try {
    await makeOutboxes(BlobServiceClient.fromConnectionString(rig.blobConnectionString));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    urls: [url],
    healthPath: app.healthPath,
    appGroups: supervisor.groupsOf('app'),
    behindGroups: supervisor.groupsOf('rig', 'dapr'),
    failure,
    guard: child => supervisor.guard(child),
    stop,
  };
}

/** Empties the queues and containers that fill. Ends only by the signal, or with what broker or blob server fail with. */
export async function keepEmpty({ broker, blobs }: Filling, signal: AbortSignal): Promise<never> {
  for (;;) {
    for (const { name, active } of await broker.queues()) if (active > MOST_KEPT) await broker.purge(name);
    for (const { name, blobs: count } of (await blobs?.containers()) ?? []) {
      if (count > MOST_KEPT && OUTBOXES.some(outbox => outbox === name)) await blobs?.empty(name);
    }
    await delay(LOOK_MS, undefined, { signal });
  }
}

/** What fills: of a rig, its broker and its blob server. */
export interface Filling {
  readonly broker: {
    queues(): Promise<readonly Pick<QueueState, 'name' | 'active'>[]>;
    purge(queue: string): Promise<void>;
  };
  readonly blobs?: {
    containers(): Promise<readonly Pick<ContainerState, 'name' | 'blobs'>[]>;
    empty(container: string): Promise<void>;
  };
}
