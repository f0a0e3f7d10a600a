import { setTimeout as delay } from 'node:timers/promises';
import type { BrokerAdmin, Rig } from '@order-bench/rig';
import { isKept } from '../workload/kept.js';
import type { Site } from './site.js';

/** How far a drain is. */
export interface DrainProgress {
  readonly written: number;
  readonly expected: number;
  /** In the last three seconds; 0 at the first look. */
  readonly ordersPerSecond: number;
}

/** What a drain is seen by. */
export type Drainable = Pick<Site, 'movingMessages' | 'failure'> & { readonly store: Pick<Site['store'], 'blobCount'> };

/** A rig's drain, as its broker tells it of all queues and subscriptions, or of these. */
export function rigDrain(rig: Rig, among?: readonly string[]): Pick<Drainable, 'movingMessages' | 'failure'> {
  return { failure: rig.supervisor.failure, movingMessages: () => queuedMessages(rig.broker, among) };
}

/**
 * Messages of a broker that could still move: in these queues and subscriptions, or in all but those of which nothing that is
 * there moves.
 */
export async function queuedMessages(broker: Pick<BrokerAdmin, 'queues'>, among?: readonly string[]): Promise<number> {
  const queues = (await broker.queues()).filter(({ name }) => among?.includes(name) ?? !isKept(name));
  return queues.reduce(
    (sum, { scheduled, active, locked, deferred }) => sum + scheduled + active + locked + deferred,
    0,
  );
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
  let looks: readonly Look[] = [];
  while (Date.now() < deadlineMs) {
    signal.throwIfAborted();
    const moving = await site.movingMessages();
    if (onProgress) {
      const look = { written: await site.store.blobCount(), atMs: performance.now() };
      looks = [...looks.filter(({ atMs }) => atMs >= look.atMs - RATE_MS), look];
      onProgress({ written: look.written, expected, ordersPerSecond: ratePerSecond(looks) });
    }
    if (moving === 0) return 'drained';
    await delay(pollMs, undefined, { signal });
  }
  return 'timed out';
}

interface Look {
  readonly written: number;
  readonly atMs: number;
}

/** Long enough that the time left does not jump from look to look, short enough that a drain that stands still shows. */
const RATE_MS = 3_000;

function ratePerSecond(looks: readonly Look[]): number {
  const [first, last] = [looks[0], looks.at(-1)];
  return first && last && last.atMs > first.atMs
    ? ((last.written - first.written) * 1000) / (last.atMs - first.atMs)
    : 0;
}
