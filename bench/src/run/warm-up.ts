import type { WarmUp } from '../results/result.js';
import { watchDrain } from './drain-watch.js';
import type { Site } from './site.js';

const POLL_MS = 200;

/** What a warm-up needs. */
export interface WarmUpOptions {
  readonly site: Pick<Site, 'store' | 'movingMessages' | 'failure' | 'empty' | 'logs'>;
  readonly orders: number;
  /** Sends this many orders, to be delivered at once. */
  readonly send: (count: number) => Promise<void>;
  /** How long they may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: Parameters<typeof watchDrain>[0]['onProgress'];
}

/**
 * Drives a burst of orders through the whole pipeline, so that code is compiled and pools are filled, then empties queues and
 * containers, so that nothing of it is seen by the run.
 *
 * @throws Error when it does not drain in time, or not every order of it was written.
 */
export async function warmUp(options: WarmUpOptions): Promise<WarmUp> {
  const { site, orders, send, timeoutMs, signal, onProgress } = options;
  if (orders === 0) return { orders };
  await send(orders);
  const end = await watchDrain({
    site,
    expected: orders,
    deadlineMs: Date.now() + timeoutMs,
    pollMs: POLL_MS,
    signal,
    ...(onProgress ? { onProgress } : {}),
  });
  const written = await site.store.blobCount();
  if (end === 'timed out' || written !== orders)
    throw new Error(`warm-up: ${written} of ${orders} orders were written (${end}); ${site.logs} tell why`);
  await site.empty();
  return { orders };
}
