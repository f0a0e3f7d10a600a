import type { Latency } from './latency.js';
import type { SpinSettings } from './spin-settings.js';

/**
 * Orders that warm every contender up unless a run says otherwise. A fixed number and no rule when to stop: what stops by
 * itself stops some runs of a contender early, and these are then compared with others that went on. V8 of Node 24 compiles
 * most of an app once more (30 to 100 functions in half a second, in all three apps at once) about 10,400 and about 20,800
 * orders after the start: a warm-up of 8,000 or 20,000 puts that into the first third of 10,000 measured orders.
 */
export const WARM_UP_ORDERS = 11_000;

/** What a run sets otherwise than its contender and the manifests do; every part of it stands in the result. */
export interface Tuning {
  /** Messages that each daprd holds, and calls to its app, at once. */
  readonly handlers?: number;
  /** Processes an app id, each with a daprd of its own. */
  readonly replicas?: number;
  /** Size of each order; otherwise 400 to 600 bytes on average. */
  readonly payloadBytes?: number;
  /** Orders before the first one that counts; otherwise the same number for all. */
  readonly warmUpOrders?: number;
  /** Delay of queue and blob operations; otherwise none. */
  readonly latency?: Latency;
  /** For contenders that run on Spin; the others have no such settings. */
  readonly spin?: SpinSettings;
}
