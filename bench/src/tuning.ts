import type { Latency } from './latency.js';
import type { SpinSettings } from './spin-settings.js';

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
