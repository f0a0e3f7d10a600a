import type { MessageTrace } from '@order-bench/rig';
import type { ClockOffsets, SiteSettings } from '../../results/result.js';
import type { Site } from '../../run/site.js';
import type { Pod } from './cluster.js';
import type { QueueFront } from './queue-front.js';

/** What a site has of the place that its contender works at. */
type OfTheSite =
  | 'target'
  | 'blobs'
  | 'store'
  | 'pollMs'
  | 'failure'
  | 'connectBus'
  | 'movingMessages'
  | 'empty'
  | 'queues'
  | 'whereLastSeen';

/**
 * Queues and blobs that a contender on a cluster works at: Azure's own, or the stand-ins inside the cluster. All else of a
 * run on a cluster is the same. Opened for one run.
 */
export interface Place extends Pick<Site, OfTheSite> {
  readonly settings: Pick<SiteSettings, 'host' | 'blobs'>;
  /** What of it runs in the cluster and is measured beside the contender. */
  readonly pods: readonly Pod[];
  /**
   * Makes sure that what a run empties is the bench's.
   *
   * @throws UsageError where it is not.
   */
  claim(): Promise<void>;
  /** Holds its clocks against this machine's; once its containers are there. */
  clocks(): Promise<ClockOffsets>;
  /** Every message that a queue had; null where the queues keep none. */
  readonly messages: ((queue: string) => Promise<readonly MessageTrace[]>) | null;
  /** What saw the first order enter its queue; null where scheduled orders are released exactly. */
  readonly front: Pick<QueueFront, 'forget' | 'firstEnqueuedAtMs'> | null;
  /** Gives back what was opened. */
  close(): Promise<void>;
}
