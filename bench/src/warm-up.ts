import { watchDrain } from './drain-watch.js';
import type { Site } from './site.js';

/** Orders in one window; the app CPU of two neighbouring windows is compared. */
const WINDOW_ORDERS = 500;
const MIN_ORDERS = 2_000;
/** A contender that has not settled by now is measured as it is, and its result says `settled: false`. */
const MAX_ORDERS = 6_000;
const SETTLED_RATIO = 0.05;
const WINDOW_TIMEOUT_MS = 120_000;
const POLL_MS = 50;

/** How the processes were warmed; stored with the run's settings. */
export interface WarmUp {
  readonly orders: number;
  /** Whether app CPU an order varied by less than 5 % between the last two windows of 500. */
  readonly settled: boolean;
  readonly appCpuMsPerOrder: readonly number[];
}

/** What a warm-up needs. */
export interface WarmUpOptions {
  readonly site: Pick<Site, 'store' | 'movingMessages' | 'failure' | 'appCpuMs' | 'empty' | 'logs'>;
  /** Puts this many orders into the ingress queue, to be delivered at once. */
  readonly send: (count: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Drives windows of orders through the whole pipeline until its cost an order has settled, then empties queues and
 * containers, so that nothing of it is seen by the run.
 *
 * @throws Error when a window does not drain within two minutes, or not every order of it was written.
 */
export async function warmUp({ site, send, signal }: WarmUpOptions): Promise<WarmUp> {
  const appCpuMsPerOrder: number[] = [];
  let settled = false;
  while (appCpuMsPerOrder.length * WINDOW_ORDERS < (settled ? MIN_ORDERS : MAX_ORDERS)) {
    const beforeMs = await site.appCpuMs();
    await send(WINDOW_ORDERS);
    const deadlineMs = Date.now() + WINDOW_TIMEOUT_MS;
    const end = await watchDrain({ site, expected: WINDOW_ORDERS, deadlineMs, pollMs: POLL_MS, signal });
    const written = await site.store.blobCount();
    if (end === 'timed out' || written !== WINDOW_ORDERS) {
      throw new Error(`warm-up: ${written} of ${WINDOW_ORDERS} orders were written (${end}); ${site.logs} tell why`);
    }
    await site.empty();
    appCpuMsPerOrder.push(((await site.appCpuMs()) - beforeMs) / WINDOW_ORDERS);
    settled = hasSettled(appCpuMsPerOrder);
  }
  return { orders: appCpuMsPerOrder.length * WINDOW_ORDERS, settled, appCpuMsPerOrder };
}

function hasSettled(values: readonly number[]): boolean {
  const [previous, last] = values.slice(-2);
  if (previous === undefined || last === undefined) return false;
  return Math.abs(last - previous) < SETTLED_RATIO * previous;
}
