import * as v from 'valibot';
import { COUNT, filled, list, POSITIVE, TEXT, TIME } from '../text/shape.js';
import { CORRECTNESS } from './result.js';

/** The version of the shape that this program writes. */
export const CHAOS_SCHEMA_VERSION = 3;

const FAULT_OUTCOME = v.strictObject({
  kind: TEXT,
  target: TEXT,
  beganMs: COUNT,
  /** When it was lifted; when it struck where nothing had to be lifted. */
  endedMs: COUNT,
  /** Orders that had arrived and were not yet written when it struck. */
  inFlight: COUNT,
  /** Those of them that never were. */
  lost: COUNT,
  /** Those of them that were written more than once by the end, under whichever fault. */
  duplicated: COUNT,
  /**
   * From its end until the next order was written, whichever it was: throughput resumed. Null where none was in flight, or
   * none was written any more.
   */
  resumedMs: v.nullable(COUNT),
  /**
   * From its end until the last of the orders in flight at its begin was written, 0 where that was before the end; null
   * where none was in flight, or one was lost. Includes whatever other faults overlapped it.
   */
  recoveredMs: v.nullable(COUNT),
});

/** What one fault did. Times are milliseconds from the first order's time. */
export interface FaultOutcome extends v.InferOutput<typeof FAULT_OUTCOME> {}

const API_TRAFFIC = v.strictObject({
  /** Name of the contender that is the Order API; the pipeline behind it is the drain's own. */
  contender: TEXT,
  /** Orders that were accepted by POST /orders, each under an Idempotency-Key. */
  posted: COUNT,
  /** Requests to post one of these again under its key, at the same time or afterwards. */
  repeated: COUNT,
  /** Orders that are lines of an import. */
  imported: COUNT,
  /** Webhooks that came to the partner, repeats of an event and refused ones too. */
  webhooks: COUNT,
  /** Those of them that the partner refused. */
  refused: COUNT,
});

/** What went through an Order API during a drain. */
export interface ApiTraffic extends v.InferOutput<typeof API_TRAFFIC> {}

/** The shape of a drain's file. */
export const CHAOS_RESULT = v.strictObject({
  schemaVersion: v.literal(CHAOS_SCHEMA_VERSION),
  startedAt: TIME,
  contender: TEXT,
  seed: POSITIVE,
  orders: POSITIVE,
  /** `node` of the harness, `daprd`, and `runtime` of the apps; in older files `spin`. */
  versions: v.record(v.string(), v.string()),
  gitCommit: TEXT,
  cpu: TEXT,
  cores: POSITIVE,
  /** From the first order's time to the empty queues. */
  drainMs: COUNT,
  lockDurationMs: POSITIVE,
  /** In the order in which they struck. */
  faults: filled(FAULT_OUTCOME),
  correctness: CORRECTNESS,
  /** Where the orders came through an Order API; without it they were scheduled into the first queue. */
  api: v.optional(API_TRAFFIC),
  /** Starts of processes beyond their first. */
  restarts: COUNT,
  /** Length of the broker's event log. */
  queueEvents: COUNT,
  /** What is wrong, one sentence each; empty for a drain that lost nothing and recovered by itself. */
  failures: list(TEXT),
});

/** One drain with the faults of one seed. */
export interface ChaosResult extends v.InferOutput<typeof CHAOS_RESULT> {}
