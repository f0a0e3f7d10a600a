import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { APP_IDS } from '@order-bench/orders';
import {
  type BlobWrite,
  checkEvents,
  checkoutDir,
  type QueueState,
  type Rig,
  startRig,
  type Tool,
} from '@order-bench/rig';
import { appsOf } from '../contenders/apps.js';
import type { ReadyContender } from '../contenders/build.js';
import type { ChaosResult } from '../results/chaos-result.js';
import type { Correctness } from '../results/result.js';
import { inFileName } from '../results/result-file.js';
import { queuedMessages, watchDrain } from '../run/drain-watch.js';
import { type ApiRig, startApiRig } from '../sites/rig/api-rig.js';
import { type BlobStore, blobStore, makeOutboxes } from '../verify/blob-store.js';
import { correctness, whereLastSeen } from '../verify/correctness.js';
import { peekDeadLetters } from '../verify/dead-letters.js';
import { verifyStored } from '../verify/verify.js';
import { ApiClient } from '../workload/api-client.js';
import { OUTBOXES, type Pipeline, pipelineOf } from '../workload/pipeline.js';
import { makeWorkload, type Workload } from '../workload/workload.js';
import { startApiTraffic } from './api-traffic.js';
import { faultOutcome, type StruckFault } from './fault-outcome.js';
import type { PlannedFault } from './fault-schedule.js';
import { strike } from './strike.js';
import type { Traffic } from './traffic.js';
import { scheduleWaves } from './waves.js';

/** A drain, and what breaks meanwhile. */
export interface ChaosDrainOptions {
  readonly ready: ReadyContender;
  /** The Order API of its flavour: the orders then come through it; without one they are scheduled into the first queue. */
  readonly api?: ReadyContender | undefined;
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
  'drainMs' | 'lockDurationMs' | 'faults' | 'correctness' | 'api' | 'restarts' | 'queueEvents' | 'failures'
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
  const { seed, signal } = options;
  const { rig, url } = await start(options);
  let traffic: Traffic | undefined;
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
    traffic = await startTraffic({ ...options, rig, url, workload });
    const pipeline = pipelineOf(options.ready.contender);
    return await judge({
      rig,
      pipeline,
      store,
      workload,
      traffic,
      ...(await drain({ ...options, rig, store, traffic })),
    });
  } finally {
    await traffic?.stop();
    await rig.stop();
  }
}

/** The Order API's token: every rig is its own, and ends. */
const TOKEN = 'chaos';

async function start({ ready, api, daprd, seed }: ChaosDrainOptions): Promise<ApiRig> {
  const runDir = join(checkoutDir, '.rig', `chaos-${inFileName((api ?? ready).contender.name)}-${seed}`);
  // An interrupted drain may have left a full device in place of a log.
  await rm(runDir, { recursive: true, force: true });
  const options = {
    runDir,
    daprd: daprd.command,
    lockDurationMs: LOCK_MS,
    restartOnFailure: true,
    faults: true,
  };
  if (api) return startApiRig({ ...options, pipeline: ready, api, token: TOKEN, allowOrigin: [] });
  const rig = await startRig({
    ...options,
    ...pipelineOf(ready.contender).entities,
    apps: appsOf(ready.contender, APP_IDS, ready.runtime),
    blobs: 'local',
    ...(ready.contender.handlers === undefined ? {} : { handlers: ready.contender.handlers }),
  });
  return { rig, url: '' };
}

interface TrafficPlan extends ChaosDrainOptions, ApiRig {
  readonly workload: Workload;
}

function startTraffic({ ready, api, rig, url, workload, faults, signal }: TrafficPlan): Promise<Traffic> {
  const waveTimesMs = faults.map(({ waveAtMs }) => waveAtMs);
  if (!api) return scheduleWaves({ rig, to: pipelineOf(ready.contender).ingress, workload, waveTimesMs, signal });
  return startApiTraffic({
    ...{ api: new ApiClient(url, TOKEN), name: api.contender.name, orders: workload.orders, waveTimesMs, signal },
    patienceMs: lastLiftedMs(faults) + RECOVERY_LIMIT_MS,
  });
}

interface Drain {
  readonly struck: readonly StruckFault[];
  readonly end: 'drained' | 'timed out';
  readonly drainMs: number;
}

async function drain(
  options: ChaosDrainOptions & { readonly rig: Rig; readonly store: BlobStore; readonly traffic: Traffic },
): Promise<Drain> {
  const { rig, store, traffic, faults, signal, onProgress } = options;
  const { startMs } = traffic;
  let begun = 0;
  const [struck, end] = await Promise.all([
    strike({
      ...{ rig, faults, signal, startMs },
      onStrike: () => {
        begun++;
      },
    }),
    watchDrain({
      site: {
        failure: rig.supervisor.failure,
        store,
        movingMessages: async () => traffic.open() + (await queuedMessages(rig.broker)),
      },
      ...{ signal, expected: options.orders, pollMs: POLL_MS },
      deadlineMs: startMs + lastLiftedMs(faults) + RECOVERY_LIMIT_MS,
      onProgress: ({ written }) => onProgress({ written, struck: begun }),
    }),
  ]);
  return { struck, end, drainMs: Math.round(Date.now() - startMs) };
}

function lastLiftedMs(faults: readonly PlannedFault[]): number {
  return Math.max(...faults.map(({ atMs, durationMs }) => atMs + durationMs));
}

interface DrainedRig extends Drain {
  readonly rig: Rig;
  readonly pipeline: Pipeline;
  readonly store: BlobStore;
  readonly workload: Workload;
  readonly traffic: Traffic;
}

async function judge(drained: DrainedRig): Promise<ChaosFindings> {
  const { rig, pipeline, store, workload, traffic, struck, end, drainMs } = drained;
  const { startMs } = traffic;
  const { arrivedAtMs, orders, failures, api } = await traffic.outcome();
  const stored = await verifyStored(store, OUTBOXES, orders);
  const deadLetters = await peekDeadLetters(() => new ServiceBusClient(rig.serviceBusConnectionString), pipeline.boxes);
  const queues = await rig.broker.queues();
  const counts = correctness({ workload, stored, deadLetters, queues });
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
    faults: struck.map(fault => faultOutcome(fault, { startMs, arrivedAtMs, writes })),
    correctness: counts,
    ...(api === undefined ? {} : { api }),
    restarts: rig.supervisor.processes.reduce((sum, { restarts }) => sum + restarts, 0),
    queueEvents: events.length,
    failures: [
      ...(end === 'drained'
        ? []
        : [`the queues were not empty ${RECOVERY_LIMIT_MS / 60_000} min after the last fault`]),
      ...wrongCounts(counts),
      ...(stored.missing.length === 0 ? [] : [await whereLastSeen(rig.broker, pipeline.stops, stored.missing)]),
      ...failures,
      ...givenUp(queues, pipeline),
      ...violations,
      ...forgotten.map(({ queue, messageId, state }) => `${queue}: message ${messageId} is still ${state}`),
    ],
  };
}

/** Dead letters that are no orders: webhooks, jobs and events. Those of the pipeline's queues are counted by their orders. */
function givenUp(queues: readonly QueueState[], { boxes }: Pipeline): string[] {
  return queues.flatMap(({ name, deadLettered }) =>
    deadLettered === 0 || boxes.includes(name) ? [] : [`${name}: ${deadLettered} dead letters`],
  );
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
