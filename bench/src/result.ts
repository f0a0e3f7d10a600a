import type { ProcessRole } from '@order-bench/rig';

/** The version of the result file's shape that this program writes; see result.schema.json. */
export const SCHEMA_VERSION = 1;

/** One measured run, as it is stored in `results/`. All times are milliseconds; field guide: results/README.md. */
export type RunResult = CompleteRun | IncompleteRun;

/** Every order was seen to its end: the figures of the drain are whole. */
export interface CompleteRun extends RunRecord {
  readonly status: 'complete';
  /** Null for a run with malformed orders in it: such a run is checked, never timed. */
  readonly drain: DrainFigures | null;
}

/** The run ended before every order was written; it has no drain figures that could be read as whole ones. */
export interface IncompleteRun extends RunRecord {
  readonly status: 'incomplete';
  /** What happened, for a person. */
  readonly reason: string;
}

/** What every run records, however it ended. */
export interface RunRecord {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly target: 'local';
  readonly contender: string;
  readonly mode: 'burst';
  readonly orders: OrderCounts;
  readonly schedule: ScheduleFigures;
  readonly timing: { readonly resolution: 'exact' | 'second' };
  /** Points [ms since the scheduled enqueue time, orders written], at most 200. */
  readonly curve: readonly (readonly [number, number])[];
  readonly correctness: Correctness;
  readonly processes: readonly ProcessFigures[];
  readonly environment: Environment;
  /** Every setting that can change the outcome. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What was sent. */
export interface OrderCounts {
  readonly count: number;
  readonly seed: number;
  readonly express: number;
  readonly standard: number;
  readonly malformed: number;
}

/** How the burst was scheduled. */
export interface ScheduleFigures {
  /** ISO 8601, UTC: the start of all figures. */
  readonly scheduledEnqueueTime: string;
  /** How long scheduling took. */
  readonly durationMs: number;
  /** From the end of scheduling to the scheduled enqueue time. */
  readonly leadMs: number;
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
}

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

/** Cost of one process (its whole process group) from the end of scheduling to the end of the drain. */
export interface ProcessFigures {
  readonly name: string;
  readonly role: ProcessRole;
  readonly cpuMs: number;
  readonly cpuMsPerThousandOrders: number;
  /** Since its start, warm-up included. */
  readonly peakRssBytes: number;
  readonly restarts: number;
}

/** The machine and the versions of everything that took part. */
export interface Environment {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly os: string;
  readonly kernel: string;
  readonly versions: Readonly<Record<string, string>>;
  /** With `-dirty` where the checkout had changes; `unknown` outside a git checkout. */
  readonly gitCommit: string;
  /** One-minute load average just before the run. */
  readonly loadAverageBefore: number;
}

/** Whether a run counts as a success: complete, and every order once, in its place and intact. */
export function isCorrect({ status, orders, correctness: c }: RunResult): boolean {
  return (
    status === 'complete' &&
    c.written === orders.count &&
    c.missing + c.unexpected + c.misrouted + c.corrupt + c.goodDeadLettered === 0 &&
    c.malformedDeadLettered === orders.malformed
  );
}
