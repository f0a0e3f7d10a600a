import { setTimeout as delay } from 'node:timers/promises';
import type { Schedule } from '@order-bench/generator';
import type { Contender } from '../contenders/contender.js';
import { WARM_UP_ORDERS } from '../contenders/tuning.js';
import { drainCurve, drainFigures } from '../figures/drain-figures.js';
import { noteMemory } from '../figures/memory-notes.js';
import { latencyFigures, type PacedOrders } from '../figures/order-latency.js';
import { minuteEndsMs, minuteFigures } from '../figures/order-minutes.js';
import { newId } from '../results/plan-id.js';
import { type RssBytes, type RunRecord, type RunResult, SCHEMA_VERSION, type WarmUp } from '../results/result.js';
import { makeOutboxes } from '../verify/blob-store.js';
import { correctness } from '../verify/correctness.js';
import { peekDeadLetters } from '../verify/dead-letters.js';
import { type StoredOrders, verifyStored } from '../verify/verify.js';
import { OUTBOXES, pipelineOf } from '../workload/pipeline.js';
import { makeWorkload, scheduleArrival, scheduleWindow, type Workload } from '../workload/workload.js';
import { watchDrain } from './drain-watch.js';
import type { RunLog } from './run-log.js';
import { arrivalOf, BURST, type RunPlan, sendingMs } from './run-plan.js';
import { workloadSettings } from './run-settings.js';
import type { Measured, Measurement, Site } from './site.js';
import { brokenRules } from './void-rules.js';
import { warmUp } from './warm-up.js';

/** What to run, wherever it takes place. */
export interface RunBasics {
  readonly contender: Contender;
  /** Valid orders. */
  readonly count: number;
  readonly seed: number;
  /** Share of the orders that go express, 0 to 1. */
  readonly expressShare: number;
  /** Malformed messages beside the valid orders; as many of the valid ones are made hostile. */
  readonly malformed: number;
  /** A burst unless said otherwise. */
  readonly plan?: RunPlan;
  /** How long the drain may take from the time of the last order. */
  readonly timeoutMs: number;
  readonly log: RunLog;
  readonly signal: AbortSignal;
}

/** What decides one run beside its basics. */
export interface MeasuredRunOptions extends RunBasics {
  /** Size of each order; as the generator makes them where it is absent. */
  readonly payloadBytes: number | undefined;
  /** Orders before the first one that counts; `WARM_UP_ORDERS` where it is absent. */
  readonly warmUpOrders: number | undefined;
  /** Brings the contender up in its place; the run closes it. */
  readonly openSite: () => Promise<Site>;
}

/**
 * One measured run at a fresh site: warms it (unless it is to be cold), schedules the orders for one moment or at a
 * constant rate, watches them drain, verifies every one, and closes the site. Returns the result and stores nothing.
 *
 * @throws what the site fails with; the signal's reason when it is aborted; Error when the warm-up or the scheduling
 * fails. The site is closed in every case.
 */
export async function measuredRun(options: MeasuredRunOptions): Promise<RunResult> {
  const startedAt = new Date();
  const clockAheadMs = wallClockAheadMs();
  const site = await options.openSite();
  try {
    options.signal.throwIfAborted();
    const setUp = { options, plan: options.plan ?? BURST, startedAt, clockAheadMs, site };
    return await judge(setUp, await drain(setUp));
  } finally {
    await site.close();
  }
}

/** A run whose site is open. */
interface SetUp {
  readonly options: MeasuredRunOptions;
  readonly plan: RunPlan;
  readonly startedAt: Date;
  /** Of the wall clock before the site was opened; see `wallClockAheadMs`. */
  readonly clockAheadMs: number;
  readonly site: Site;
}

/** What a drain left behind, before it is looked into. */
interface Drained {
  readonly workload: Workload;
  /** Absent on a cold run. */
  readonly warmth: WarmUp | undefined;
  readonly schedule: Schedule;
  /** Time from when reading the counters began to the first order. */
  readonly readingMs: number;
  /** Time from when it ended. */
  readonly readyMs: number;
  readonly end: 'drained' | 'timed out';
  readonly measurement: Measurement;
  readonly measured: Measured;
  /** Of a paced run at the ends of its minutes. */
  readonly rssBytes: readonly RssBytes[];
  readonly clockStepMs: number;
}

/** Warms the processes up, schedules the orders and watches them drain. */
async function drain({ options, plan, site, clockAheadMs }: SetUp): Promise<Drained> {
  const { log, signal } = options;
  const connectBus = () => site.connectBus();
  await makeOutboxes(site.blobs);
  const workload = await makeWorkload(site.blobs, options);
  const warmth = plan.mode === 'cold' ? undefined : await warm(options, site);
  log.step(`scheduling ${options.count} orders`);
  const { messages } = workload;
  const { extraLeadMs } = site;
  const { ingress: to } = pipelineOf(options.contender);
  const schedule = await scheduleArrival({ connectBus, to, messages, arrival: arrivalOf(plan), extraLeadMs, signal });
  const startMs = schedule.scheduledEnqueueTimeMs;
  // The start by this machine's clock; the queue releases the orders by its own.
  const localStartMs = startMs - site.queueAheadMs;
  await delay(Math.max(0, localStartMs - site.sampleBeforeMs - Date.now()), undefined, { signal });
  const readingMs = localStartMs - Date.now();
  const measurement = await site.measure();
  const readyMs = localStartMs - Date.now();
  log.step('draining');
  const memory = noteMemory({
    read: site.residentBytes,
    dueAtMs: plan.mode === 'paced' ? minuteEndsMs(plan, options.count).map(ms => localStartMs + ms) : [],
  });
  const end = await watchDrain({
    site,
    expected: options.count,
    deadlineMs: startMs + sendingMs(plan, options.count) + options.timeoutMs,
    pollMs: site.pollMs,
    signal,
    onProgress: progress => log.progress(progress),
  }).finally(() => memory.stop());
  const measured = await measurement.end({ counts: workload.counts, end });
  const clockStepMs = wallClockAheadMs() - clockAheadMs;
  const rssBytes = await memory.taken;
  return { workload, warmth, schedule, readingMs, readyMs, end, measurement, measured, rssBytes, clockStepMs };
}

async function warm(options: MeasuredRunOptions, site: Site) {
  const { warmUpOrders: orders = WARM_UP_ORDERS, contender, log, signal, timeoutMs } = options;
  const { ingress: to } = pipelineOf(contender);
  log.step('warming up');
  return warmUp({
    ...{ site, orders, signal, timeoutMs },
    send: count => scheduleWindow(count, { connectBus: () => site.connectBus(), to, signal }),
    onProgress: progress => log.progress(progress),
  });
}

/** Looks up every order and says what the run is worth. */
async function judge(setUp: SetUp, drained: Drained): Promise<RunResult> {
  const { options, plan, site } = setUp;
  const { workload, schedule, readingMs, clockStepMs, measured, rssBytes } = drained;
  options.log.step('verifying every order');
  const stored = await verifyStored(site.store, OUTBOXES, workload.orders);
  const { missing, misrouted, writtenAtMs } = stored;
  // With malformed ones among the orders a run is checked, never timed.
  const isTimed = options.malformed === 0 && missing.length === 0 && misrouted.length === 0;
  const record = await recordOf(setUp, drained, { stored, isTraced: isTimed && stored.resolution === 'exact' });
  const { sampleBeforeMs, environment } = site;
  const signals = { busyShareBefore: environment.busyShareBefore, readingMs, sampleBeforeMs, clockStepMs };
  const broken = [...measured.foreignReceivers, ...brokenRules(signals)];
  if (missing.length > 0) {
    const lost = await site.whereLastSeen(missing);
    const how = drained.end === 'timed out' ? `after ${options.timeoutMs / 1000} s` : 'although every queue is empty';
    const what = `${missing.length} of ${options.count} orders are not written ${how}: ${lost}`;
    // A lost order is never excused by what went on around it, but for somebody else's having taken it.
    const status = measured.foreignReceivers.length > 0 ? 'void' : 'incomplete';
    return { ...record, status, reason: [what, ...broken].join('; ') };
  }
  const startMs = schedule.scheduledEnqueueTimeMs;
  const orderIds = workload.messages.map(({ messageId }) => messageId);
  const timed = isTimed && {
    drain: drainFigures([...writtenAtMs.values()], startMs),
    ...(plan.mode === 'paced' && pacedFigures({ pace: plan, startMs, orderIds, writtenAtMs }, rssBytes)),
  };
  // A run with malformed orders is not timed, and the rules are about timing; a foreign receiver spoils its check too.
  if (measured.foreignReceivers.length > 0 || (options.malformed === 0 && broken.length > 0)) {
    return { ...record, status: 'void', reason: broken.join('; '), ...timed };
  }
  if (!timed) {
    const reason = options.malformed > 0 ? `${options.malformed} malformed messages were among the orders` : ASTRAY;
    return { ...record, status: 'checked', reason };
  }
  return { ...record, status: 'complete', ...timed };
}

const ASTRAY = 'orders were written where they do not belong';

function pacedFigures(orders: PacedOrders, rssBytes: readonly RssBytes[]) {
  const minutes = minuteFigures(orders, rssBytes);
  return { latency: latencyFigures(orders), ...(minutes.length > 0 && { minutes }) };
}

interface Found {
  readonly stored: StoredOrders;
  readonly isTraced: boolean;
}

async function recordOf(setUp: SetUp, drained: Drained, { stored, isTraced }: Found): Promise<RunRecord> {
  const { options, plan, startedAt, site } = setUp;
  const { workload, schedule, warmth, readyMs, measurement, measured, clockStepMs } = drained;
  const { writtenAtMs } = stored;
  const deadLetters = await peekDeadLetters(() => site.connectBus(), pipelineOf(options.contender).boxes);
  const queues = await site.queues();
  const withoutEvent = await site.withoutEvent?.(workload.orders);
  return {
    schemaVersion: SCHEMA_VERSION,
    id: newId(),
    startedAt: startedAt.toISOString(),
    target: site.target,
    contender: options.contender.name,
    runtime: site.runtime,
    isFloor: options.contender.isFloor ?? false,
    mode: plan.mode,
    orders: workload.counts,
    schedule: {
      scheduledEnqueueTime: new Date(schedule.scheduledEnqueueTimeMs).toISOString(),
      durationMs: Math.round(schedule.durationMs),
      leadMs: Math.round(schedule.leadMs),
      readyMs: Math.round(readyMs),
    },
    timing: {
      resolution: stored.resolution,
      clockStepMs: Math.round(clockStepMs),
      ...site.timing(schedule.scheduledEnqueueTimeMs),
    },
    curve: drainCurve([...writtenAtMs.values()], schedule.scheduledEnqueueTimeMs),
    correctness: correctness({ workload, stored, deadLetters, queues, withoutEvent }),
    ...measured.cost,
    hops: isTraced ? await measurement.hops(writtenAtMs) : [],
    environment: site.environment,
    settings: { ...site.settings, ...workloadSettings({ options, plan, workload, warmth }) },
    ...(measurement.scaling && {
      scaling: measurement.scaling({ scheduledEnqueueTimeMs: schedule.scheduledEnqueueTimeMs, writtenAtMs }),
    }),
  };
}

/** How far the wall clock is ahead of the monotonic one; changes only when the wall clock is set. */
function wallClockAheadMs(): number {
  return Date.now() - performance.now();
}
