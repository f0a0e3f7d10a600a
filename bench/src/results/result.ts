import type { ProcessRole } from '@order-bench/rig';
import * as v from 'valibot';
import { LATENCY as ADDED_LATENCY } from '../contenders/latency.js';
import { RUNTIME_FACTS } from '../contenders/runtime.js';
import { SPIN_SETTINGS } from '../contenders/spin-settings.js';
import { AMOUNT, ANYTHING, COUNT, filled, list, POSITIVE, SHARE, TEXT, TIME } from '../text/shape.js';

/** The roles of a run's processes, in the order in which tables have them. */
export const ROLES = ['app', 'dapr', 'rig', 'harness'] as const satisfies readonly ProcessRole[];

/** The version of the result file's shape that this program writes. */
export const SCHEMA_VERSION = 3;

/** Eight hexadecimal digits. */
export const ID = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/));

/** A point of a curve. */
const POINT = v.pipe(v.tuple([v.number(), v.number()]), v.readonly());

const COMPARISON_PLACE = v.strictObject({
  id: TEXT,
  seed: v.pipe(v.number(), v.integer()),
  block: POSITIVE,
  /** In the block. */
  position: POSITIVE,
  /** Above 1 where void runs were repeated. */
  attempt: POSITIVE,
});

/** Where a run stands in a comparison: blocks hold every contender once, in an order drawn from the seed. */
export interface ComparisonPlace extends v.InferOutput<typeof COMPARISON_PLACE> {}

const ORDER_COUNTS = v.strictObject({
  count: COUNT,
  seed: v.pipe(v.number(), v.integer()),
  express: COUNT,
  standard: COUNT,
  malformed: COUNT,
});

/** What was sent. */
export interface OrderCounts extends v.InferOutput<typeof ORDER_COUNTS> {}

/** How the orders were scheduled. */
const SCHEDULE = v.strictObject({
  /** ISO 8601, UTC: the time of the first order, the start of all figures. */
  scheduledEnqueueTime: v.string(),
  /** How long scheduling took. */
  durationMs: AMOUNT,
  /** From the end of scheduling to the scheduled enqueue time. */
  leadMs: AMOUNT,
  /** What was left of it when every counter was read; negative where that lasted into the drain: its cost is not whole. */
  readyMs: v.number(),
});

const CLOCK_OFFSET = v.strictObject({
  /** Positive: it is ahead. */
  offsetMs: v.number(),
  /** The truth lies within that much on both sides: half of the quickest probe's way there and back. */
  uncertaintyMs: AMOUNT,
});

/** One clock against this machine's. */
export interface ClockOffset extends v.InferOutput<typeof CLOCK_OFFSET> {}

const CLOCK_OFFSETS = v.strictObject({ queue: v.nullable(CLOCK_OFFSET), blobs: v.nullable(CLOCK_OFFSET) });

/** Clocks held against this machine's before the first order; null where a service did not tell its time. */
export interface ClockOffsets extends v.InferOutput<typeof CLOCK_OFFSETS> {}

const TIMING = v.strictObject({
  /** Of the write times. */
  resolution: v.picklist(['exact', 'second']),
  /** By how much the wall clock was set during the run. */
  clockStepMs: v.number(),
  /** On a cluster: how far the clocks of queue and store are ahead of this machine's. No figure is corrected by them. */
  clockOffsets: v.exactOptional(CLOCK_OFFSETS),
  /** On Azure: the first time at which an order was seen to have entered its queue, from the scheduled enqueue time on. */
  firstEnqueuedMs: v.exactOptional(v.nullable(v.number())),
});

/** How far the times can be trusted. */
export interface TimingFigures extends v.InferOutput<typeof TIMING> {}

const DRAIN = v.strictObject({
  t50Ms: v.number(),
  t95Ms: v.number(),
  t99Ms: v.number(),
  t100Ms: v.number(),
  /** Between 10 % and 90 % written. */
  steadyOrdersPerSecond: AMOUNT,
  /** All orders over t100Ms. */
  ordersPerSecond: AMOUNT,
  /**
   * The rate between 70 and 90 % written over that between 10 and 30 %: well above 1, the contender was still warming up.
   * Null where the orders are too few for two rates.
   */
  lateOverEarlyRate: v.nullable(AMOUNT),
});

/** Time from the scheduled enqueue time until a share of the orders was written, and the rates that follow. */
export interface DrainFigures extends v.InferOutput<typeof DRAIN> {}

const LATENCY = v.strictObject({
  ratePerSecond: v.pipe(v.number(), v.gtValue(0)),
  /** The rate as a share of the contender's steady rate in bursts; null where the rate was given as such. */
  shareOfSteadyRate: v.nullable(AMOUNT),
  p50Ms: v.number(),
  p90Ms: v.number(),
  p99Ms: v.number(),
  /** With fewer than 1,000 orders the same as maxMs. */
  p999Ms: v.number(),
  maxMs: v.number(),
  /** Points [percentile, ms] for a chart, up to the last that an order stands behind. */
  percentiles: list(POINT),
  /** All of it in microseconds, three significant digits: HdrHistogram V2, compressed, base64. */
  histogram: TEXT,
});

/** Time of each order from its intended time, start + i / rate, to its write. */
export interface LatencyFigures extends v.InferOutput<typeof LATENCY> {}

const RSS_BYTES = v.record(v.string(), COUNT);

/** Resident memory of processes, by their names. */
export interface RssBytes extends v.InferOutput<typeof RSS_BYTES> {}

const MINUTE = v.strictObject({
  /** Counted from the scheduled enqueue time. The last one may be short: it ends with the last order's time. */
  minute: POSITIVE,
  /** Whose intended time falls into it; its latencies are theirs, whenever they were written. */
  orders: POSITIVE,
  p50Ms: AMOUNT,
  p99Ms: AMOUNT,
  maxMs: AMOUNT,
  /** Resident memory at its end, not its peak, by the name of the process. Empty on a cluster, where it is not read. */
  rssBytes: RSS_BYTES,
});

/**
 * One minute of a paced run: whether latency and memory stay where they are shows between minutes. One in which no order
 * was due is left out.
 */
export interface MinuteFigures extends v.InferOutput<typeof MINUTE> {}

/** The shape of what was found when every order was looked up. */
export const CORRECTNESS = v.strictObject({
  written: COUNT,
  missing: COUNT,
  unexpected: COUNT,
  misrouted: COUNT,
  corrupt: COUNT,
  goodDeadLettered: COUNT,
  malformedDeadLettered: COUNT,
  /** Writes of a blob beyond its first; null where the store can't tell (Azurite). */
  duplicateWrites: v.nullable(COUNT),
  /** Deliveries of a message beyond its first, malformed ones' included. */
  redeliveries: v.nullable(COUNT),
  /** Orders that some subscription has no event of; absent where receivers publish none. */
  withoutEvent: v.exactOptional(COUNT),
});

/** What was found when every order was looked up by its identity. */
export interface Correctness extends v.InferOutput<typeof CORRECTNESS> {}

/** The shape of what one process cost. */
export const PROCESS = v.strictObject({
  name: v.string(),
  role: v.picklist(ROLES),
  /** In user and kernel mode. */
  cpuMs: AMOUNT,
  cpuMsPerThousandOrders: AMOUNT,
  userCpuMs: AMOUNT,
  systemCpuMs: AMOUNT,
  /** The process waited: for input, a lock, a timer. Null off Linux; threads that ended are not in it. */
  voluntaryContextSwitches: v.nullable(COUNT),
  /** The core was taken from it: more than a few mean that cores were short. Null off Linux. */
  involuntaryContextSwitches: v.nullable(COUNT),
  /** From just before the scheduled enqueue time to the end of the drain; `memorySource` says what counts. */
  peakMemoryBytes: COUNT,
  /**
   * `pss`: peak of resident memory, less what the process shares with others (each of n counts an n-th of a page of n).
   * `rss`: resident memory, shared pages counted whole. `cgroup`: memory.peak of a pod since its start, page cache included.
   */
  memorySource: v.picklist(['pss', 'rss', 'cgroup']),
  restarts: COUNT,
});

/** Cost of one process (its whole process group) from just before the scheduled enqueue time to the end of the drain. */
export interface ProcessFigures extends v.InferOutput<typeof PROCESS> {}

const MACHINE = v.strictObject({
  /** Busy time of all cores over their time; null off Linux. */
  busyShare: v.nullable(SHARE),
  /** CPU of all processes of the run over the time of all cores: what lacks to busyShare is interrupts and others. */
  ownShare: AMOUNT,
  /** How long the run's cgroup was held back by its CPU limit; null where there is no cgroup v2 with a CPU controller. */
  throttledMs: v.nullable(AMOUNT),
  /** CPU of polling and sampling in this program; it does nothing else meanwhile. */
  samplerCpuMs: AMOUNT,
});

/** What the machine did in the same time. */
export interface MachineFigures extends v.InferOutput<typeof MACHINE> {}

/** The shape of one part of an order’s way. */
export const HOP = v.strictObject({
  id: TEXT,
  title: TEXT,
  /** Whose times these are: exact by order from broker and blob server, means from daprd's own metrics. */
  source: v.picklist(['broker', 'blob', 'daprd']),
  /** Orders, or calls, behind the figure. */
  orders: COUNT,
  meanMs: v.number(),
  /** Null where only sums are known. */
  p50Ms: v.nullable(v.number()),
  p99Ms: v.nullable(v.number()),
  /** Mean with what comes after the order moved on (answers, settling): how long a handler is held. Null for queues. */
  handlerMs: v.nullable(v.number()),
});

/** One part of an order's way. Only what lies on the way counts: not an answer that comes after the order moved on. */
export interface HopFigures extends v.InferOutput<typeof HOP> {}

const ROLE_SCALING = v.strictObject({
  /** Dapr's app id. */
  role: TEXT,
  /** Points [ms since the scheduled enqueue time, ready pods], one at each change. */
  ready: list(POINT),
  /** When each number of ready pods above that at the start was first there, and how many orders were written by then. */
  reached: list(v.strictObject({ pods: POSITIVE, atMs: AMOUNT, written: COUNT })),
  /** Time of all pods together, from when each was made until it was gone or the last order was written. */
  podSeconds: AMOUNT,
  /** Of containers: a pod that crashed under the burst. */
  restarts: COUNT,
  /** What the HorizontalPodAutoscaler said of itself: messages for each pod, pods that there are, pods that it wants. */
  autoscaler: list(
    v.strictObject({ atMs: AMOUNT, messagesPerPod: v.nullable(AMOUNT), current: COUNT, desired: COUNT }),
  ),
});

/** How one role was scaled during a burst. */
export interface RoleScaling extends v.InferOutput<typeof ROLE_SCALING> {}

const SCALING = v.strictObject({
  /** Pods of each role as the burst began. */
  from: COUNT,
  /** That each role may have. */
  most: POSITIVE,
  roles: filled(ROLE_SCALING),
});

/** How a contender was scaled during a burst. */
export interface Scaling extends v.InferOutput<typeof SCALING> {}

/** The shape of what is said of a machine. */
export const ENVIRONMENT = v.strictObject({
  cpu: v.string(),
  /** What a run really has: its affinity and its container's limits count. */
  cores: POSITIVE,
  memoryBytes: COUNT,
  os: v.string(),
  kernel: v.string(),
  versions: v.record(v.string(), v.string()),
  /** With `-dirty` where the checkout had changes; `unknown` outside a git checkout. */
  gitCommit: v.string(),
  /** One-minute load average just before the run; in a comparison it is the run before that it shows. */
  loadAverageBefore: AMOUNT,
  /** Busy time of all cores over their time, in the quietest second before anything was started; null off Linux. */
  busyShareBefore: v.nullable(SHARE),
});

/** The machine and the versions of everything that took part. */
export interface Environment extends v.InferOutput<typeof ENVIRONMENT> {}

/**
 * Where a run takes place: on this machine; on a cluster with broker and blob server inside it; or on a cluster, Service Bus
 * and a storage account in Azure.
 */
const TARGET = v.picklist(['local', 'kubernetes', 'azure']);

/**
 * Where a run takes place: on this machine; on a cluster with broker and blob server inside it; or on a cluster, Service Bus
 * and a storage account in Azure.
 */
export type Target = v.InferOutput<typeof TARGET>;

/** How orders come: all at once after a warm-up, at a constant rate after one, or all at once just after the start. */
const MODE = v.picklist(['burst', 'paced', 'cold']);

/** How orders come: all at once after a warm-up, at a constant rate after one, or all at once just after the start. */
export type RunMode = v.InferOutput<typeof MODE>;

const WARM_UP = v.object({ orders: COUNT });

/** How the processes were warmed before the first order that counts. */
export interface WarmUp extends v.InferOutput<typeof WARM_UP> {}

/** What was sent, and how. */
const WORKLOAD_SETTINGS = {
  /** `burst`, or `constant:` and the orders per second. */
  arrival: TEXT,
  /** Of the orders that go express. */
  expressShare: SHARE,
  meanPayloadBytes: COUNT,
  /** Null where orders are as large as the generator makes them. */
  payloadBytes: v.nullable(POSITIVE),
  /** Null for a cold run. */
  warmUp: v.nullable(WARM_UP),
};

const WORKLOAD = v.strictObject(WORKLOAD_SETTINGS);

/** What was sent, and how. */
export interface WorkloadSettings extends v.InferOutput<typeof WORKLOAD> {}

/** What of the place, and of the contender in it, can change the outcome; those that are absent mean nothing there. */
const SITE_SETTINGS = {
  /** Program and version that runs the apps; on a cluster the target's name. */
  host: TEXT,
  /** What writes the orders: `local`, `azurite`, `azure`. */
  blobs: TEXT,
  /** Of the cluster. */
  nodes: v.exactOptional(POSITIVE),
  replicasPerRole: v.pipe(v.number(), v.minValue(0)),
  /** Added to each operation of queue and blob server. */
  latency: v.exactOptional(ADDED_LATENCY),
  spin: v.exactOptional(SPIN_SETTINGS),
  daprd: ANYTHING,
};

const SITE = v.looseObject(SITE_SETTINGS);

/** What of the place can change the outcome, and what the contender's descriptor says of itself. */
export interface SiteSettings extends v.InferOutput<typeof SITE> {}

/** Every setting that can change the outcome of a run; what a contender says of itself is in it too. */
const SETTINGS = v.looseObject({
  ...SITE_SETTINGS,
  ...WORKLOAD_SETTINGS,
  /** Of a calibration's delayed runs; `takenShare` is null where it could not be measured. */
  coreThief: v.exactOptional(v.strictObject({ share: SHARE, takenShare: v.nullable(SHARE) })),
});

const RECORD = v.strictObject({
  schemaVersion: v.literal(SCHEMA_VERSION),
  id: ID,
  startedAt: TIME,
  target: TARGET,
  /** Its name, and what ran it where that is not what its users would expect: `spin-ts@spin-3.6`, `spin-ts (stand-in)`. */
  contender: TEXT,
  runtime: RUNTIME_FACTS,
  /** Whether it does next to nothing: what the others' figures are held against, and no contender. */
  isFloor: v.boolean(),
  mode: MODE,
  /** The comparison that the run is a part of. */
  comparison: v.exactOptional(COMPARISON_PLACE),
  orders: ORDER_COUNTS,
  schedule: SCHEDULE,
  timing: TIMING,
  /** Points [ms since the scheduled enqueue time, orders written]. */
  curve: v.pipe(v.array(POINT), v.maxLength(200), v.readonly()),
  correctness: CORRECTNESS,
  processes: list(PROCESS),
  machine: MACHINE,
  /**
   * Where the time from an order's scheduled enqueue time to its write went, in the order in which it meets them: the
   * means add up to the mean of the whole. Empty for a contender without Dapr, and for a run that can't be traced
   * (orders missing, malformed ones among them, or write times of a second's resolution).
   */
  hops: list(HOP),
  environment: ENVIRONMENT,
  settings: SETTINGS,
  /** Of a run of `bench scale`. */
  scaling: v.exactOptional(SCALING),
});

/** What every run records, however it ended. */
export interface RunRecord extends v.InferOutput<typeof RECORD> {}

/** Of paced runs alone; all orders of a burst share a start, so that a burst has no separate latency. */
const PACED = {
  latency: v.exactOptional(LATENCY),
  /** Of runs of two minutes and more. */
  minutes: v.exactOptional(filled(MINUTE)),
};

const COMPLETE_RUN = v.strictObject({
  ...RECORD.entries,
  ...PACED,
  status: v.literal('complete'),
  drain: DRAIN,
});

/** Every order was written, in its place, and timed: the figures of the drain are whole. */
export interface CompleteRun extends v.InferOutput<typeof COMPLETE_RUN> {}

const CHECKED_RUN = v.strictObject({
  ...RECORD.entries,
  status: v.literal('checked'),
  /** Why it is not timed, for a person. */
  reason: TEXT,
});

/** Every order was written and looked up, but not timed: malformed ones were among them, or some went astray. */
export interface CheckedRun extends v.InferOutput<typeof CHECKED_RUN> {}

const INCOMPLETE_RUN = v.strictObject({
  ...RECORD.entries,
  status: v.literal('incomplete'),
  /** What happened, for a person. */
  reason: TEXT,
});

/** The run ended before every order was written; it has no drain figures that could be read as whole ones. */
export interface IncompleteRun extends v.InferOutput<typeof INCOMPLETE_RUN> {}

/** The shape of a void run: every field that any run can have. */
export const VOID_RUN = v.strictObject({
  ...RECORD.entries,
  ...PACED,
  status: v.literal('void'),
  /** Which rules it broke, for a person. */
  reason: TEXT,
  /** Absent where orders went astray. */
  drain: v.exactOptional(DRAIN),
});

/**
 * Something outside the contender disturbed the run (see void-rules.ts; on Azure also receivers that are no part of the
 * run): its figures are kept and say nothing.
 */
export interface VoidRun extends v.InferOutput<typeof VOID_RUN> {}

/** One measured run, as it is stored in `results/`. All times are milliseconds; field guide: results/README.md. */
export type RunResult = CompleteRun | CheckedRun | IncompleteRun | VoidRun;

/** The shape of a run's file. */
export const RUN_RESULT = v.pipe(
  v.variant('status', [COMPLETE_RUN, CHECKED_RUN, INCOMPLETE_RUN, VOID_RUN]),
  v.check(result => result.mode === 'paced' || !('latency' in result), 'only a paced run has a latency'),
  v.check(result => !('minutes' in result) || 'latency' in result, 'only a run with a latency has minutes'),
);

/** Whether a run was timed: its drain's figures, and those of a paced run, are there; of a void one where no order went astray. */
export function isTimed(result: RunResult): result is CompleteRun | VoidRun {
  return result.status === 'complete' || result.status === 'void';
}

/** Whether every order was written once, in its place and intact; a void run can be correct and still says nothing. */
export function isCorrect({ status, orders, correctness: c }: RunResult): boolean {
  return (
    status !== 'incomplete' &&
    c.written === orders.count &&
    c.missing + c.unexpected + c.misrouted + c.corrupt + c.goodDeadLettered + (c.withoutEvent ?? 0) === 0 &&
    c.malformedDeadLettered === orders.malformed
  );
}

/** CPU of all processes of a role, divided by the orders. */
export function cpuMsPerOrder({ processes, orders }: RunResult, role: ProcessRole): number {
  return processes.filter(process => process.role === role).reduce((sum, { cpuMs }) => sum + cpuMs, 0) / orders.count;
}
