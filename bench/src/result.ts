import type { ProcessRole } from '@order-bench/rig';

/** The version of the result file's shape that this program writes; see result.schema.json. */
export const SCHEMA_VERSION = 2;

/** One measured run, as it is stored in `results/`. All times are milliseconds; field guide: results/README.md. */
export type RunResult = CompleteRun | IncompleteRun | VoidRun;

/** Where a run takes place: on this machine, or on Service Bus, a storage account and a cluster in Azure. */
export type Target = 'local' | 'azure';

/** How orders come: all at once after a warm-up, at a constant rate after one, or all at once just after the start. */
export type RunMode = 'burst' | 'paced' | 'cold';

/** Every order was seen to its end: the figures of the drain are whole. */
export interface CompleteRun extends RunRecord {
  readonly status: 'complete';
  /** Null for a run with malformed orders in it, which is checked and never timed, and where orders went astray. */
  readonly drain: DrainFigures | null;
  /** Of paced runs alone; all orders of a burst share a start, so that a burst has no separate latency. */
  readonly latency?: LatencyFigures;
  /** Of paced runs of two minutes and more. */
  readonly minutes?: readonly MinuteFigures[];
}

/** The run ended before every order was written; it has no drain figures that could be read as whole ones. */
export interface IncompleteRun extends RunRecord {
  readonly status: 'incomplete';
  /** What happened, for a person. */
  readonly reason: string;
}

/**
 * Something outside the contender disturbed the run (see void-rules.ts; on Azure also receivers that are no part of the
 * run): its figures are kept and say nothing.
 */
export interface VoidRun extends RunRecord {
  readonly status: 'void';
  /** Which rules it broke, for a person. */
  readonly reason: string;
  /** Absent where orders went astray. */
  readonly drain?: DrainFigures;
  /** Of paced runs alone. */
  readonly latency?: LatencyFigures;
  /** Of paced runs of two minutes and more. */
  readonly minutes?: readonly MinuteFigures[];
}

/** What every run records, however it ended. */
export interface RunRecord {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly target: Target;
  /** Its name, and what ran it where that is not what its users would expect: `spin-ts@spin-3.6`, `spin-ts (stand-in)`. */
  readonly contender: string;
  readonly runtime: RuntimeFacts;
  readonly mode: RunMode;
  /** The comparison that the run is a part of. */
  readonly comparison?: ComparisonPlace;
  readonly orders: OrderCounts;
  readonly schedule: ScheduleFigures;
  readonly timing: TimingFigures;
  /** Points [ms since the scheduled enqueue time, orders written], at most 200. */
  readonly curve: readonly (readonly [number, number])[];
  readonly correctness: Correctness;
  readonly processes: readonly ProcessFigures[];
  readonly machine: MachineFigures;
  /**
   * Where the time from an order's scheduled enqueue time to its write went, in the order in which it meets them: the
   * means add up to the mean of the whole. Empty for a contender without Dapr, and for a run that can't be traced
   * (orders missing, malformed ones among them, or write times of a second's resolution).
   */
  readonly hops: readonly HopFigures[];
  readonly environment: Environment;
  /** Every setting that can change the outcome. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What ran the contender's apps: a part of the contender. */
export interface RuntimeFacts {
  /** As a plan names it, `spin-3.6` or `node-24`; `stand-in` for local/spin-host. */
  readonly name: string;
  /** `stand-in`: a figure of it is never one of Spin. `other`: a program of the contender's own. */
  readonly kind: 'spin' | 'stand-in' | 'node' | 'other';
  /** As in `3.6.3`; null where it is not known. */
  readonly version: string | null;
}

/** Where a run stands in a comparison: blocks hold every contender once, in an order drawn from the seed. */
export interface ComparisonPlace {
  readonly id: string;
  readonly seed: number;
  /** From 1. */
  readonly block: number;
  /** In the block, from 1. */
  readonly position: number;
  /** From 1; above it where void runs were repeated. */
  readonly attempt: number;
}

/** What was sent. */
export interface OrderCounts {
  readonly count: number;
  readonly seed: number;
  readonly express: number;
  readonly standard: number;
  readonly malformed: number;
}

/** How the orders were scheduled. */
export interface ScheduleFigures {
  /** ISO 8601, UTC: the time of the first order, the start of all figures. */
  readonly scheduledEnqueueTime: string;
  /** How long scheduling took. */
  readonly durationMs: number;
  /** From the end of scheduling to the scheduled enqueue time. */
  readonly leadMs: number;
  /** What was left of it when every counter was read; negative where that lasted into the drain: its cost is not whole. */
  readonly readyMs: number;
}

/** How far the times can be trusted. */
export interface TimingFigures {
  /** Of the write times. */
  readonly resolution: 'exact' | 'second';
  /** By how much the wall clock was set during the run. */
  readonly clockStepMs: number;
  /** On Azure: how far the clocks of queue and store are ahead of this machine's. No figure is corrected by them. */
  readonly clockOffsets?: ClockOffsets;
  /** On Azure: the first time at which an order was seen to have entered its queue, from the scheduled enqueue time on. */
  readonly firstEnqueuedMs?: number | null;
}

/** Clocks held against this machine's before the first order; null where a service did not tell its time. */
export interface ClockOffsets {
  readonly queue: ClockOffset | null;
  readonly blobs: ClockOffset | null;
}

/** One clock against this machine's. */
export interface ClockOffset {
  /** Positive: it is ahead. */
  readonly offsetMs: number;
  /** The truth lies within that much on both sides: half of the quickest probe's way there and back. */
  readonly uncertaintyMs: number;
}

/** Time from the scheduled enqueue time until a share of the orders was written, and the rates that follow. */
export interface DrainFigures {
  readonly t50Ms: number;
  readonly t95Ms: number;
  readonly t99Ms: number;
  readonly t100Ms: number;
  /** Between 10 % and 90 % written. */
  readonly steadyOrdersPerSecond: number;
  /** All orders over t100Ms. */
  readonly ordersPerSecond: number;
  /**
   * The rate between 70 and 90 % written over that between 10 and 30 %: well above 1, the contender was still warming up.
   * Null where the orders are too few for two rates.
   */
  readonly lateOverEarlyRate: number | null;
}

/** Time of each order from its intended time, start + i / rate, to its write. */
export interface LatencyFigures {
  readonly ratePerSecond: number;
  /** The rate as a share of the contender's steady rate in bursts; null where the rate was given as such. */
  readonly shareOfSteadyRate: number | null;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  /** With fewer than 1,000 orders the same as maxMs. */
  readonly p999Ms: number;
  readonly maxMs: number;
  /** Points [percentile, ms] for a chart, up to the last that an order stands behind. */
  readonly percentiles: readonly (readonly [number, number])[];
  /** All of it in microseconds, three significant digits: HdrHistogram V2, compressed, base64. */
  readonly histogram: string;
}

/**
 * One minute of a paced run: whether latency and memory stay where they are shows between minutes. One in which no order
 * was due is left out.
 */
export interface MinuteFigures {
  /** From 1, counted from the scheduled enqueue time. The last one may be short: it ends with the last order's time. */
  readonly minute: number;
  /** Whose intended time falls into it; its latencies are theirs, whenever they were written. */
  readonly orders: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Resident memory at its end, not its peak, by the name of the process. Empty on Azure, where it is not read. */
  readonly rssBytes: RssBytes;
}

/** Resident memory of processes, by their names. */
export type RssBytes = Readonly<Record<string, number>>;

/** What was found when every order was looked up by its identity. */
export interface Correctness {
  readonly written: number;
  readonly missing: number;
  readonly unexpected: number;
  readonly misrouted: number;
  readonly corrupt: number;
  readonly goodDeadLettered: number;
  readonly malformedDeadLettered: number;
  /** Writes of a blob beyond its first; null where the store can't tell (Azurite). */
  readonly duplicateWrites: number | null;
  /** Deliveries of a message beyond its first, malformed ones' included. */
  readonly redeliveries: number | null;
}

/** Cost of one process (its whole process group) from just before the scheduled enqueue time to the end of the drain. */
export interface ProcessFigures {
  readonly name: string;
  readonly role: ProcessRole;
  /** In user and kernel mode. */
  readonly cpuMs: number;
  readonly cpuMsPerThousandOrders: number;
  readonly userCpuMs: number;
  readonly systemCpuMs: number;
  /** The process waited: for input, a lock, a timer. Null off Linux; threads that ended are not in it. */
  readonly voluntaryContextSwitches: number | null;
  /** The core was taken from it: more than a few mean that cores were short. Null off Linux. */
  readonly involuntaryContextSwitches: number | null;
  /** From just before the scheduled enqueue time to the end of the drain; `memorySource` says what counts. */
  readonly peakMemoryBytes: number;
  /**
   * `pss`: peak of resident memory, less what the process shares with others (each of n counts an n-th of a page of n).
   * `rss`: resident memory, shared pages counted whole. `cgroup`: memory.peak of a pod since its start, page cache included.
   */
  readonly memorySource: 'pss' | 'rss' | 'cgroup';
  readonly restarts: number;
}

/** What the machine did in the same time. */
export interface MachineFigures {
  /** Busy time of all cores over their time, 0 to 1; null off Linux. */
  readonly busyShare: number | null;
  /** CPU of all processes of the run over the time of all cores: what lacks to busyShare is interrupts and others. */
  readonly ownShare: number;
  /** How long the run's cgroup was held back by its CPU limit; null where there is no cgroup v2 with a CPU controller. */
  readonly throttledMs: number | null;
  /** CPU of polling and sampling in this program; it does nothing else meanwhile. */
  readonly samplerCpuMs: number;
}

/** One part of an order's way. Only what lies on the way counts: not an answer that comes after the order moved on. */
export interface HopFigures {
  readonly id: string;
  readonly title: string;
  /** Whose times these are: exact by order from broker and blob server, means from daprd's own metrics. */
  readonly source: 'broker' | 'blob' | 'daprd';
  /** Orders, or calls, behind the figure. */
  readonly orders: number;
  readonly meanMs: number;
  /** Null where only sums are known. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Mean with what comes after the order moved on (answers, settling): how long a handler is held. Null for queues. */
  readonly handlerMs: number | null;
}

/** The machine and the versions of everything that took part. */
export interface Environment {
  readonly cpu: string;
  /** What a run really has: its affinity and its container's limits count. */
  readonly cores: number;
  readonly memoryBytes: number;
  readonly os: string;
  readonly kernel: string;
  readonly versions: Readonly<Record<string, string>>;
  /** With `-dirty` where the checkout had changes; `unknown` outside a git checkout. */
  readonly gitCommit: string;
  /** One-minute load average just before the run; in a comparison it is the run before that it shows. */
  readonly loadAverageBefore: number;
  /** Busy time of all cores over their time, in the quietest second before anything was started; null off Linux. */
  readonly busyShareBefore: number | null;
}

/** Whether every order was written once, in its place and intact; a void run can be correct and still says nothing. */
export function isCorrect({ status, orders, correctness: c }: RunResult): boolean {
  return (
    status !== 'incomplete' &&
    c.written === orders.count &&
    c.missing + c.unexpected + c.misrouted + c.corrupt + c.goodDeadLettered === 0 &&
    c.malformedDeadLettered === orders.malformed
  );
}
