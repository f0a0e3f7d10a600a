import type { Correctness } from '../result.js';

/** The version of the shape that this program writes; see bench/schemas/chaos.schema.json. */
export const CHAOS_SCHEMA_VERSION = 1;

/** One drain with the faults of one seed. */
export interface ChaosResult {
  readonly schemaVersion: typeof CHAOS_SCHEMA_VERSION;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly contender: string;
  readonly seed: number;
  readonly orders: number;
  /** `node` of the harness, `daprd`, and `runtime` of the apps; in older files `spin`. */
  readonly versions: Readonly<Record<string, string>>;
  readonly gitCommit: string;
  readonly cpu: string;
  readonly cores: number;
  /** From the first order's time to the empty queues. */
  readonly drainMs: number;
  readonly lockDurationMs: number;
  /** In the order in which they struck. */
  readonly faults: readonly FaultOutcome[];
  readonly correctness: Correctness;
  /** Starts of processes beyond their first. */
  readonly restarts: number;
  /** Length of the broker's event log. */
  readonly queueEvents: number;
  /** What is wrong, one sentence each; empty for a drain that lost nothing and recovered by itself. */
  readonly failures: readonly string[];
}

/** What one fault did. Times are milliseconds from the first order's time. */
export interface FaultOutcome {
  readonly kind: string;
  readonly target: string;
  readonly beganMs: number;
  /** When it was lifted; when it struck where nothing had to be lifted. */
  readonly endedMs: number;
  /** Orders that had arrived and were not yet written when it struck. */
  readonly inFlight: number;
  /** Those of them that never were. */
  readonly lost: number;
  /** Those of them that were written more than once by the end, under whichever fault. */
  readonly duplicated: number;
  /**
   * From its end until the next order was written, whichever it was: throughput resumed. Null where none was in flight, or
   * none was written any more.
   */
  readonly resumedMs: number | null;
  /**
   * From its end until the last of the orders in flight at its begin was written, 0 where that was before the end; null
   * where none was in flight, or one was lost. Includes whatever other faults overlapped it.
   */
  readonly recoveredMs: number | null;
}
