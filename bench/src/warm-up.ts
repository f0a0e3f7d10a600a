import type { Rig } from '@order-bench/rig';
import type { BlobStore } from './blob-store.js';
import { watchDrain } from './drain-watch.js';
import { QUEUES } from './pipeline.js';
import { appCpuMs } from './run-cost.js';

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
  readonly rig: Rig;
  readonly store: BlobStore;
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
export async function warmUp({ rig, store, send, signal }: WarmUpOptions): Promise<WarmUp> {
  const appCpuMsPerOrder: number[] = [];
  let settled = false;
  while (appCpuMsPerOrder.length * WINDOW_ORDERS < (settled ? MIN_ORDERS : MAX_ORDERS)) {
    const beforeMs = await appCpuMs(rig.supervisor);
    await send(WINDOW_ORDERS);
    const deadlineMs = Date.now() + WINDOW_TIMEOUT_MS;
    const end = await watchDrain({ rig, store, expected: WINDOW_ORDERS, deadlineMs, pollMs: POLL_MS, signal });
    const written = await store.blobCount();
    if (end === 'timed out' || written !== WINDOW_ORDERS) {
      throw new Error(
        `warm-up: ${written} of ${WINDOW_ORDERS} orders were written (${end}); the logs in ${rig.logDir} tell why`,
      );
    }
    await empty(rig, store);
    appCpuMsPerOrder.push(((await appCpuMs(rig.supervisor)) - beforeMs) / WINDOW_ORDERS);
    settled = hasSettled(appCpuMsPerOrder);
  }
  return { orders: appCpuMsPerOrder.length * WINDOW_ORDERS, settled, appCpuMsPerOrder };
}

/** Purges the queues with their dead letters and counters, and empties the containers. */
async function empty(rig: Rig, store: BlobStore): Promise<void> {
  await Promise.all([...QUEUES.map(queue => rig.broker.purge(queue)), store.empty()]);
}

function hasSettled(values: readonly number[]): boolean {
  const [previous, last] = values.slice(-2);
  if (previous === undefined || last === undefined) return false;
  return Math.abs(last - previous) < SETTLED_RATIO * previous;
}
