import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Schedule } from '@order-bench/generator';
import { APP_IDS } from '@order-bench/orders';
import { type BlobStoreKind, checkoutDir, type Rig, startRig, type Tool } from '@order-bench/rig';
import { type BlobStore, blobStore, makeOutboxes } from './blob-store.js';
import { appsOf, type Contender, tuned } from './contender.js';
import { correctness, whereLastSeen } from './correctness.js';
import { type DaprdCalls, sampleDaprds } from './daprd-metrics.js';
import { peekDeadLetters } from './dead-letters.js';
import { drainCurve, drainFigures } from './drain-figures.js';
import { watchDrain } from './drain-watch.js';
import { environment } from './environment.js';
import { NO_LATENCY, rigLatency } from './latency.js';
import { latencyFigures } from './order-latency.js';
import { OUTBOXES, QUEUES } from './pipeline.js';
import { type Environment, type RunRecord, type RunResult, SCHEMA_VERSION } from './result.js';
import { type Cost, costSince, sampleCost } from './run-cost.js';
import type { RunLog } from './run-log.js';
import { arrivalOf, BURST, type RunPlan, sendingMs } from './run-plan.js';
import { runSettings } from './run-settings.js';
import type { SpinHost } from './spin-host.js';
import { traceHops } from './trace-hops.js';
import type { Tuning } from './tuning.js';
import { type StoredOrders, verifyStored } from './verify.js';
import { brokenRules } from './void-rules.js';
import { type WarmUp, warmUp } from './warm-up.js';
import { makeWorkload, scheduleArrival, scheduleWindow, type Workload } from './workload.js';

/** What to run, and with what. */
export interface RunOptions {
  readonly contender: Contender;
  /** Valid orders. */
  readonly count: number;
  readonly seed: number;
  /** Share of the orders that go express, 0 to 1. */
  readonly expressShare: number;
  /** Malformed messages beside the valid orders; as many of the valid ones are made hostile. */
  readonly malformed: number;
  readonly blobs: BlobStoreKind;
  /** A burst unless said otherwise. */
  readonly plan?: RunPlan;
  /** What is set otherwise than contender and manifests have it. */
  readonly tuning: Tuning;
  /** How long the drain may take from the time of the last order. */
  readonly timeoutMs: number;
  readonly daprd: Tool;
  /** Needed by contenders whose start begins with `{spin}`. */
  readonly spin?: SpinHost;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  /** Told as soon as the rig runs, so that its holder can show and kill it. */
  readonly onRig?: (rig: Rig) => void;
}

/**
 * The drain's figures come from write times, so that looking less often costs no accuracy, but idle time at the end would
 * lower the machine's busy share. A look takes about 4 ms of CPU.
 */
const POLL_MS = 500;
/** As many as the broker keeps by itself. */
const SETTLED_RECORDS = 20_000;
/** What was used so far is read this long before the first order: late enough that nothing but the drain is measured. */
const SAMPLE_BEFORE_MS = 250;

/**
 * One measured run: starts a fresh rig, warms it (unless it is to be cold), schedules the orders for one moment or at a
 * constant rate, watches them drain, verifies every one, and stops the rig. Returns the result and stores nothing.
 *
 * @throws ProcessFailed when a process of the rig dies; the signal's reason when it is aborted; Error when the warm-up
 * or the scheduling fails. The rig is stopped in every case.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const { tuning, log, signal } = options;
  const contender = tuned(options.contender, tuning);
  const startedAt = new Date();
  const machine = await environment(versionsOf(options), signal);
  const clockAheadMs = wallClockAheadMs();
  log.step(`starting the rig for ${contender.name}`);
  const rig = await startRig({
    runDir: join(checkoutDir, '.rig', `${startedAt.getTime()}-${contender.name}`),
    queues: QUEUES,
    apps: appsOf(contender, APP_IDS, options.spin),
    blobs: options.blobs,
    daprd: options.daprd.command,
    ...rigLatency(tuning.latency ?? NO_LATENCY, options.blobs),
    ...(contender.handlers === undefined ? {} : { handlers: contender.handlers }),
    // So that every order can be traced after the drain.
    settledRecords: Math.max(SETTLED_RECORDS, options.count + options.malformed),
  });
  try {
    options.onRig?.(rig);
    signal.throwIfAborted();
    const setUp = { options, contender, plan: options.plan ?? BURST, startedAt, machine, clockAheadMs, rig };
    return await judge(setUp, await drain(setUp));
  } finally {
    await rig.stop();
  }
}

/** A run whose rig is up. */
interface SetUp {
  readonly options: RunOptions;
  /** With the run's tuning in it. */
  readonly contender: Contender;
  readonly plan: RunPlan;
  readonly startedAt: Date;
  readonly machine: Environment;
  /** Of the wall clock before the rig started; see `wallClockAheadMs`. */
  readonly clockAheadMs: number;
  readonly rig: Rig;
}

/** What a drain left behind, before it is looked into. */
interface Drained {
  readonly store: BlobStore;
  readonly workload: Workload;
  /** Absent on a cold run. */
  readonly warmth: WarmUp | undefined;
  readonly schedule: Schedule;
  readonly daprdsBefore: ReadonlyMap<string, DaprdCalls>;
  readonly readyMs: number;
  readonly end: 'drained' | 'timed out';
  readonly cost: Cost;
  readonly clockStepMs: number;
}

/** Warms the processes up, schedules the orders and watches them drain. */
async function drain({ options, plan, rig, clockAheadMs }: SetUp): Promise<Drained> {
  const { tuning, log, signal } = options;
  await makeOutboxes(rig);
  const store = blobStore(rig, OUTBOXES);
  const workload = await makeWorkload(rig, { ...options, payloadBytes: tuning.payloadBytes });
  if (plan.mode !== 'cold') log.step('warming up');
  const send = (count: number) => scheduleWindow(rig, count, signal);
  const warmth = plan.mode === 'cold' ? undefined : await warmUp({ rig, store, send, signal });
  log.step(`scheduling ${options.count} orders`);
  const schedule = await scheduleArrival({ rig, messages: workload.messages, arrival: arrivalOf(plan), signal });
  const startMs = schedule.scheduledEnqueueTimeMs;
  const daprdsBefore = await sampleDaprds(rig.daprs);
  await delay(Math.max(0, startMs - SAMPLE_BEFORE_MS - Date.now()), undefined, { signal });
  const costBefore = await sampleCost(rig.supervisor);
  const readyMs = startMs - Date.now();
  log.step(`draining, logs in ${rig.logDir}`);
  const end = await watchDrain({
    rig,
    store,
    expected: options.count,
    deadlineMs: startMs + sendingMs(plan, options.count) + options.timeoutMs,
    pollMs: POLL_MS,
    signal,
    onProgress: progress => log.progress(progress),
  });
  const cost = await costSince(rig.supervisor, costBefore, options.count);
  const clockStepMs = wallClockAheadMs() - clockAheadMs;
  return { store, workload, warmth, schedule, daprdsBefore, readyMs, end, cost, clockStepMs };
}

/** Looks up every order and says what the run is worth. */
async function judge(setUp: SetUp, drained: Drained): Promise<RunResult> {
  const { options, plan, rig, machine } = setUp;
  const { store, workload, schedule, readyMs, clockStepMs } = drained;
  options.log.step('verifying every order');
  const stored = await verifyStored(store, OUTBOXES, workload.orders);
  const { missing, misrouted, writtenAtMs } = stored;
  // With malformed ones among the orders a run is checked, never timed.
  const isTimed = options.malformed === 0 && missing.length === 0 && misrouted.length === 0;
  const record = await recordOf(setUp, drained, { stored, isTraced: isTimed && store.resolution === 'exact' });
  const broken = brokenRules({ busyShareBefore: machine.busyShareBefore, readyMs, clockStepMs });
  if (missing.length > 0) {
    const lost = await whereLastSeen(rig.broker, QUEUES, missing);
    const how = drained.end === 'timed out' ? `after ${options.timeoutMs / 1000} s` : 'although every queue is empty';
    const what = `${missing.length} of ${options.count} orders are not written ${how}: ${lost}`;
    // A lost order is never excused by what went on around it.
    return { ...record, status: 'incomplete', reason: [what, ...broken].join('; ') };
  }
  const startMs = schedule.scheduledEnqueueTimeMs;
  const orderIds = workload.messages.map(({ messageId }) => messageId);
  const timed = isTimed && {
    drain: drainFigures([...writtenAtMs.values()], startMs),
    ...(plan.mode === 'paced' && { latency: latencyFigures({ pace: plan, startMs, orderIds, writtenAtMs }) }),
  };
  if (options.malformed === 0 && broken.length > 0) {
    return { ...record, status: 'void', reason: broken.join('; '), ...timed };
  }
  return { ...record, status: 'complete', drain: null, ...timed };
}

interface Found {
  readonly stored: StoredOrders;
  readonly isTraced: boolean;
}

async function recordOf(setUp: SetUp, drained: Drained, { stored, isTraced }: Found): Promise<RunRecord> {
  const { contender, plan, startedAt, machine, rig } = setUp;
  const { store, workload, schedule, daprdsBefore, readyMs, cost, clockStepMs } = drained;
  const { writtenAtMs } = stored;
  const deadLetters = await peekDeadLetters(rig.serviceBusConnectionString, QUEUES);
  const queues = await rig.broker.queues();
  return {
    schemaVersion: SCHEMA_VERSION,
    id: randomBytes(4).toString('hex'),
    startedAt: startedAt.toISOString(),
    target: 'local',
    contender: contender.name,
    mode: plan.mode,
    orders: workload.counts,
    schedule: {
      scheduledEnqueueTime: new Date(schedule.scheduledEnqueueTimeMs).toISOString(),
      durationMs: Math.round(schedule.durationMs),
      leadMs: Math.round(schedule.leadMs),
      readyMs: Math.round(readyMs),
    },
    timing: { resolution: store.resolution, clockStepMs: Math.round(clockStepMs) },
    curve: drainCurve([...writtenAtMs.values()], schedule.scheduledEnqueueTimeMs),
    correctness: correctness({ workload, stored, deadLetters, queues }),
    ...cost,
    hops: isTraced ? await traceHops({ rig, before: daprdsBefore, writtenAtMs }) : [],
    environment: machine,
    settings: await runSettings({ ...setUp, ...drained }),
  };
}

/** How far the wall clock is ahead of the monotonic one; changes only when the wall clock is set. */
function wallClockAheadMs(): number {
  return Date.now() - performance.now();
}

function versionsOf({ daprd, spin, contender }: RunOptions): Record<string, string> {
  return {
    ...(contender.dapr === false ? {} : { daprd: `${daprd.version} (${daprd.kind})` }),
    ...(spin === undefined ? {} : { spin: spin.name }),
  };
}
