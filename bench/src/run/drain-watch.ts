import { setTimeout as delay } from 'node:timers/promises';
import type { Rig } from '@order-bench/rig';
import type { Site } from './site.js';

/** How far a drain is. */
export interface DrainProgress {
  readonly written: number;
  readonly expected: number;
  /** Since the last look; 0 at the first. */
  readonly ordersPerSecond: number;
}

/** What a drain is seen by. */
export type Drainable = Pick<Site, 'movingMessages' | 'failure'> & { readonly store: Pick<Site['store'], 'blobCount'> };

/** A rig's drain, as its broker tells it. */
export function rigDrain(rig: Rig): Pick<Drainable, 'movingMessages' | 'failure'> {
  return {
    failure: rig.supervisor.failure,
    async movingMessages() {
      const queues = await rig.broker.queues();
      return queues.reduce(
        (sum, { scheduled, active, locked, deferred }) => sum + scheduled + active + locked + deferred,
        0,
      );
    },
  };
}

/** What to watch, and until when. */
export interface DrainWatch {
  readonly site: Drainable;
  readonly expected: number;
  readonly deadlineMs: number;
  readonly pollMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: DrainProgress) => void;
}

/**
 * Waits until no queue holds a message that could still move (scheduled, active, locked or deferred; dead letters stay).
 *
 * @returns whether the queues were empty before the deadline.
 * @throws what the site fails with, at once: ProcessFailed when a process of the rig dies.
 */
export async function watchDrain(watch: DrainWatch): Promise<'drained' | 'timed out'> {
  return Promise.race([poll(watch), watch.site.failure]);
}

async function poll({
  site,
  expected,
  deadlineMs,
  pollMs,
  signal,
  onProgress,
}: DrainWatch): Promise<'drained' | 'timed out'> {
  let last: { readonly written: number; readonly atMs: number } | undefined;
  while (Date.now() < deadlineMs) {
    signal.throwIfAborted();
    const moving = await site.movingMessages();
    if (onProgress) {
      const written = await site.store.blobCount();
      const atMs = performance.now();
      const ordersPerSecond = last ? ((written - last.written) * 1000) / (atMs - last.atMs) : 0;
      onProgress({ written, expected, ordersPerSecond });
      last = { written, atMs };
    }
    if (moving === 0) return 'drained';
    await delay(pollMs, undefined, { signal });
  }
  return 'timed out';
}
