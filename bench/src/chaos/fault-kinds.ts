import { rename, symlink, unlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { APP_IDS } from '@order-bench/orders';
import type { BlobAdmin, Rig } from '@order-bench/rig';
import { QUEUES } from '../workload/pipeline.js';

/** One way to break a rig while orders are on their way through it. */
export interface FaultKind {
  readonly id: string;
  /** For the table in docs/reliability.md. */
  readonly title: string;
  /** Processes or queues that it can hit. */
  readonly targets: readonly string[];
  /** What it breaks: two faults never break the same thing at once. The target, unless said otherwise. */
  readonly thing?: 'broker' | 'blob';
  /** Shortest and longest duration; none where it happens in a moment and nothing has to be lifted. */
  readonly lastsMs?: readonly [number, number];
  /** Waits for the moment at which it may strike; absent where any will do. */
  when?(rig: Rig, signal: AbortSignal): Promise<void>;
  begin(rig: Rig, target: string): Promise<void>;
  /** Lifts a fault that lasts. */
  end?(rig: Rig, target: string): Promise<void>;
}

/** Longer than the 60 s lock of a message. */
export const PAST_LOCK_MS = [61_000, 90_000] as const;
/** Longer than the 15 s that Dapr gives an app to answer, and not past the lock. */
const PAST_TRY_MS = [17_000, 25_000] as const;
const SHORT_STOP_MS = [5_000, 14_000] as const;
const MOMENTS_MS = [3_000, 10_000] as const;
/** Longer than the 10 s that an app gives its call to Dapr. */
const SLOW_BLOB_MS = 12_000;
const LATE_ACKNOWLEDGEMENT_MS = 6_000;

/** What there is to break beside broker and blob server. */
export interface Breakable {
  /** Apps, each with a daprd. */
  readonly appIds: readonly string[];
  /** Queues that an app sends to. */
  readonly queues: readonly string[];
}

/** Everything that is tried, in no particular order: the same kinds whatever there is to break. */
export function faultKinds({ appIds, queues }: Breakable): readonly FaultKind[] {
  const apps = appIds.map(id => `app-${id}`);
  const daprds = appIds.map(id => `daprd-${id}`);
  return [
    killed('app-kill', 'app: kill -9', apps),
    terminated('app-restart', 'app: stopped by SIGTERM and started again', apps),
    stopped('app-stop', 'app: SIGSTOP, 5 to 14 s', apps, SHORT_STOP_MS),
    stopped('app-too-late', "app: answers after Dapr's limit of 15 s (SIGSTOP, 17 to 25 s)", apps, PAST_TRY_MS),
    stopped('app-stop-past-lock', 'app: SIGSTOP past the lock, 61 to 90 s', apps, PAST_LOCK_MS),
    killed('daprd-kill', 'daprd: kill -9', daprds),
    {
      // With work in hand it must not be stopped so: see docs/reliability.md.
      ...terminated(
        'daprd-restart',
        'daprd: stopped by SIGTERM while no queue holds an order, and started again',
        daprds,
      ),
      when: queuesAreEmpty,
    },
    stopped('daprd-stop', 'daprd: SIGSTOP, 5 to 14 s', daprds, SHORT_STOP_MS),
    stopped('daprd-stop-past-lock', 'daprd: SIGSTOP past the lock, 61 to 90 s', daprds, PAST_LOCK_MS),
    {
      id: 'broker-drop',
      title: 'broker: every connection reset',
      targets: ['broker'],
      thing: 'broker',
      begin: rig => rig.broker.dropConnections(),
    },
    { ...stopped('broker-stop', 'broker: SIGSTOP, 3 to 10 s', ['broker'], MOMENTS_MS), thing: 'broker' },
    {
      id: 'broker-full',
      title: 'broker: a queue is full and refuses sends, 3 to 10 s',
      targets: queues,
      thing: 'broker',
      lastsMs: MOMENTS_MS,
      begin: (rig, queue) => rig.broker.limitSize(queue, 1),
      end: (rig, queue) => rig.broker.limitSize(queue),
    },
    {
      id: 'broker-late-acknowledgements',
      title: 'broker: acknowledges settlements 6 s late, for 3 to 10 s',
      targets: ['broker'],
      thing: 'broker',
      lastsMs: MOMENTS_MS,
      begin: rig => rig.broker.delayAcknowledgements(LATE_ACKNOWLEDGEMENT_MS),
      end: rig => rig.broker.delayAcknowledgements(0),
    },
    {
      id: 'broker-locks-end',
      title: 'broker: every lock ends before its time',
      targets: ['broker'],
      thing: 'broker',
      begin: rig => rig.broker.breakLocks(),
    },
    { ...stopped('blob-stop', 'blob server: SIGSTOP, 5 to 14 s', ['blob'], SHORT_STOP_MS), thing: 'blob' },
    blobFault('blob-outage', 'blob server: gone, connections cut, back after 3 to 10 s', { kind: 'outage' }),
    blobFault('blob-500', 'blob server: answers 500, 3 to 10 s', { kind: 'refuse', status: 500 }),
    blobFault('blob-503', 'blob server: answers 503, 3 to 10 s', { kind: 'refuse', status: 503 }),
    blobFault('blob-slow', "blob server: answers after 12 s, past the app's limit, for 3 to 10 s", {
      kind: 'slow',
      delayMs: SLOW_BLOB_MS,
    }),
    blobFault('blob-half-answer', 'blob server: writes, then answers half a body, 3 to 10 s', { kind: 'half-answer' }),
    {
      id: 'log-disk-full',
      title: 'app or daprd: no space left for its log',
      targets: [...apps, ...daprds],
      lastsMs: MOMENTS_MS,
      begin: fillLogDisk,
      end: freeLogDisk,
    },
  ];
}

/** The same on a rig with a pipeline alone, whose first queue the generator fills. */
export const PIPELINE_FAULTS = faultKinds({ appIds: APP_IDS, queues: QUEUES.slice(1) });

/** Writes to it fail with ENOSPC; Linux has it. */
export const FULL_DEVICE = '/dev/full';

function killed(id: string, title: string, targets: readonly string[]): FaultKind {
  return { id, title, targets, begin: async ({ supervisor }, target) => supervisor.kill(target, 'SIGKILL') };
}

function terminated(id: string, title: string, targets: readonly string[]): FaultKind {
  return { id, title, targets, begin: async ({ supervisor }, target) => supervisor.kill(target, 'SIGTERM') };
}

function stopped(id: string, title: string, targets: readonly string[], lastsMs: readonly [number, number]): FaultKind {
  return {
    id,
    title,
    targets,
    lastsMs,
    begin: async ({ supervisor }, target) => supervisor.kill(target, 'SIGSTOP'),
    end: async ({ supervisor }, target) => supervisor.kill(target, 'SIGCONT'),
  };
}

function blobFault(id: string, title: string, fault: Parameters<BlobAdmin['fail']>[0]): FaultKind {
  return {
    id,
    title,
    targets: ['blob'],
    thing: 'blob',
    lastsMs: MOMENTS_MS,
    begin: async ({ blobs }) => blobs?.fail(fault),
    end: async ({ blobs }) => blobs?.recover(),
  };
}

/** Waits until no order that has come is left in a queue, or for as long as a drain may take to recover. */
async function queuesAreEmpty({ broker }: Rig, signal: AbortSignal): Promise<void> {
  const deadlineMs = Date.now() + EMPTY_LIMIT_MS;
  while (Date.now() < deadlineMs) {
    const queues = await broker.queues();
    if (queues.every(({ active, locked }) => active + locked === 0)) return;
    await delay(EMPTY_POLL_MS, undefined, { signal });
  }
}

const EMPTY_LIMIT_MS = 300_000;
const EMPTY_POLL_MS = 100;

/**
 * Puts the full device in place of a process's log and kills the process, so that it starts again with nothing but
 * ENOSPC to log to. No file system has to be filled, and no right is needed.
 */
async function fillLogDisk(rig: Rig, target: string): Promise<void> {
  const { logFile } = processOf(rig, target);
  await rename(logFile, besides(logFile));
  await symlink(FULL_DEVICE, logFile);
  rig.supervisor.kill(target, 'SIGKILL');
}

/** Puts the log back. The process that is there goes on without one until it is next started. */
async function freeLogDisk(rig: Rig, target: string): Promise<void> {
  const { logFile } = processOf(rig, target);
  await unlink(logFile);
  await rename(besides(logFile), logFile);
}

function processOf({ supervisor }: Rig, name: string) {
  const found = supervisor.processes.find(process => process.name === name);
  if (!found) throw new Error(`there is no process ${name} in the rig`);
  return found;
}

function besides(logFile: string): string {
  return `${logFile}.before`;
}
