import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { APP_IDS } from '@order-bench/orders';
import { type BlobWrite, checkEvents, checkoutDir, type Rig, startRig, type Tool } from '@order-bench/rig';
import { appsOf } from '../contenders/apps.js';
import type { ReadyContender } from '../contenders/build.js';
import type { ChaosResult } from '../results/chaos-result.js';
import type { Correctness } from '../results/result.js';
import { inFileName } from '../results/result-file.js';
import { rigDrain, watchDrain } from '../run/drain-watch.js';
import { type BlobStore, blobStore, makeOutboxes } from '../verify/blob-store.js';
import { correctness, whereLastSeen } from '../verify/correctness.js';
import { peekDeadLetters } from '../verify/dead-letters.js';
import { verifyStored } from '../verify/verify.js';
import { OUTBOXES, QUEUES } from '../workload/pipeline.js';
import { makeWorkload, type Workload } from '../workload/workload.js';
import { faultOutcome, type StruckFault } from './fault-outcome.js';
import type { PlannedFault } from './fault-schedule.js';
import { strike } from './strike.js';
import { type Arrivals, scheduleWaves } from './waves.js';

/** A drain, and what breaks meanwhile. */
export interface ChaosDrainOptions {
  readonly ready: ReadyContender;
  readonly daprd: Tool;
  readonly seed: number;
  readonly orders: number;
  readonly faults: readonly PlannedFault[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ChaosProgress) => void;
}

/** How far a drain is. */
export interface ChaosProgress {
  readonly written: number;
  readonly struck: number;
}

/** What a drain itself can tell; the rest of a result describes the machine. */
export type ChaosFindings = Pick<
  ChaosResult,
  'drainMs' | 'lockDurationMs' | 'faults' | 'correctness' | 'restarts' | 'queueEvents' | 'failures'
>;

const EXPRESS_SHARE = 0.5;
const POLL_MS = 500;
/** As in Azure. */
const LOCK_MS = 60_000;
/** After the last fault was lifted: what it left behind waits for its lock, and for retries that give up after 5 min. */
const RECOVERY_LIMIT_MS = 360_000;

/**
 * Starts a rig that restarts what dies, sends orders in a wave a fault, carries the faults out, waits until the queues are
 * empty, and looks up every order. Nobody helps the rig: faults are lifted, and that is all. Stops the rig in every case.
 *
 * @throws ProcessFailed when the rig does not get ready, the signal's reason when it is aborted.
 */
export async function chaosDrain(options: ChaosDrainOptions): Promise<ChaosFindings> {
  const { ready, daprd, seed, signal } = options;
  const runDir = join(checkoutDir, '.rig', `chaos-${inFileName(ready.contender.name)}-${seed}`);
  // An interrupted drain may have left a full device in place of a log.
  await rm(runDir, { recursive: true, force: true });
  const rig = await startRig({
    runDir,
    queues: QUEUES,
    apps: appsOf(ready.contender, APP_IDS, ready.runtime),
    blobs: 'local',
    daprd: daprd.command,
    lockDurationMs: LOCK_MS,
    ...(ready.contender.handlers === undefined ? {} : { handlers: ready.contender.handlers }),
    restartOnFailure: true,
    faults: true,
  });
  try {
    signal.throwIfAborted();
    const blobs = BlobServiceClient.fromConnectionString(rig.blobConnectionString);
    await makeOutboxes(blobs);
    const store = blobStore(rig, OUTBOXES);
    const workload = await makeWorkload(blobs, {
      count: options.orders,
      seed,
      expressShare: EXPRESS_SHARE,
      malformed: 0,
    });
    return await judge({ rig, store, workload, ...(await drain({ ...options, rig, store, workload })) });
  } finally {
    await rig.stop();
  }
}

interface Drain {
  readonly arrivals: Arrivals;
  readonly struck: readonly StruckFault[];
  readonly end: 'drained' | 'timed out';
  readonly drainMs: number;
}

async function drain(
  options: ChaosDrainOptions & { readonly rig: Rig; readonly store: BlobStore; readonly workload: Workload },
): Promise<Drain> {
  const { rig, store, workload, faults, signal, onProgress } = options;
  const waveTimesMs = faults.map(({ waveAtMs }) => waveAtMs);
  const arrivals = await scheduleWaves({ rig, messages: workload.messages, waveTimesMs, signal });
  const { startMs } = arrivals;
  const lastLiftedMs = Math.max(...faults.map(({ atMs, durationMs }) => atMs + durationMs));
  let begun = 0;
  const [struck, end] = await Promise.all([
    strike({
      ...{ rig, faults, signal, startMs },
      onStrike: () => {
        begun++;
      },
    }),
    watchDrain({
      site: { ...rigDrain(rig), store },
      ...{ signal, expected: options.orders, pollMs: POLL_MS },
      deadlineMs: startMs + lastLiftedMs + RECOVERY_LIMIT_MS,
      onProgress: ({ written }) => onProgress({ written, struck: begun }),
    }),
  ]);
  return { arrivals, struck, end, drainMs: Math.round(Date.now() - startMs) };
}

interface DrainedRig extends Drain {
  readonly rig: Rig;
  readonly store: BlobStore;
  readonly workload: Workload;
}

async function judge(drained: DrainedRig): Promise<ChaosFindings> {
  const { rig, store, workload, arrivals, struck, end, drainMs } = drained;
  const stored = await verifyStored(store, OUTBOXES, workload.orders);
  const deadLetters = await peekDeadLetters(() => new ServiceBusClient(rig.serviceBusConnectionString));
  const counts = correctness({ workload, stored, deadLetters, queues: await rig.broker.queues() });
  const events = await rig.broker.events();
  const { violations, remaining } = checkEvents(events);
  const writes = new Map<string, BlobWrite>();
  for (const container of OUTBOXES) {
    for (const write of (await store.writes(container)).writes) writes.set(write.name, write);
  }
  const forgotten = remaining.filter(({ queue }) => !queue.endsWith('/$DeadLetterQueue'));
  return {
    drainMs,
    lockDurationMs: LOCK_MS,
    faults: struck.map(fault => faultOutcome(fault, { ...arrivals, writes })),
    correctness: counts,
    restarts: rig.supervisor.processes.reduce((sum, { restarts }) => sum + restarts, 0),
    queueEvents: events.length,
    failures: [
      ...(end === 'drained'
        ? []
        : [`the queues were not empty ${RECOVERY_LIMIT_MS / 60_000} min after the last fault`]),
      ...wrongCounts(counts),
      ...(stored.missing.length === 0 ? [] : [await whereLastSeen(rig.broker, QUEUES, stored.missing)]),
      ...violations,
      ...forgotten.map(({ queue, messageId, state }) => `${queue}: message ${messageId} is still ${state}`),
    ],
  };
}

function wrongCounts(counts: Correctness): string[] {
  const { missing, unexpected, misrouted, corrupt, goodDeadLettered } = counts;
  return Object.entries({
    missing,
    unexpected,
    misrouted,
    corrupt,
    'good but dead-lettered': goodDeadLettered,
  }).flatMap(([what, orders]) => (orders === 0 ? [] : [`orders ${what}: ${orders}`]));
}
