import type { ApiTraffic } from '../results/chaos-result.js';
import type { ExpectedOrder } from '../workload/expected-orders.js';

/** Orders that come while things break. */
export interface Traffic {
  /** The first order's time, milliseconds since the epoch. */
  readonly startMs: number;
  /** How much of it is still to be sent or to be confirmed, beside what waits in the queues. */
  open(): number;
  /** What came of it; to be asked for when everything is drained. */
  outcome(): Promise<TrafficOutcome>;
  /** Ends it, however far it is. */
  stop(): Promise<void>;
}

/** What came of the orders, as whoever sent them sees it. */
export interface TrafficOutcome {
  /** When each order came, by its id, milliseconds since the epoch. */
  readonly arrivedAtMs: ReadonlyMap<string, number>;
  /** What must have been written. */
  readonly orders: readonly ExpectedOrder[];
  /** What whoever sent them found wrong, one sentence each. */
  readonly failures: readonly string[];
  /** Where they came through an Order API. */
  readonly api?: ApiTraffic;
}
