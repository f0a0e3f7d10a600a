import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { INGRESS_QUEUE, QUEUES } from '../../workload/pipeline.js';
import type { QueueContents } from './queue-contents.js';

/** How far into a queue a look goes. */
const PEEKED = 16;

/**
 * What peeking at the front of each queue tells of a drain: whether messages are left, and when the first of them entered
 * the ingress queue.
 */
export class QueueFront {
  readonly #queues: readonly QueueContents[];
  #firstEnqueuedAtMs: number | null = null;

  /** @param queues in the order of the pipeline. */
  constructor(queues: readonly QueueContents[]) {
    this.#queues = queues;
  }

  /** Earliest enqueued time among the orders that were seen waiting, milliseconds since the epoch. */
  get firstEnqueuedAtMs(): number | null {
    return this.#firstEnqueuedAtMs;
  }

  /** Starts the search for the first enqueued time anew. */
  forget(): void {
    this.#firstEnqueuedAtMs = null;
  }

  /** Messages at the fronts, in any state: 0 when every queue is empty, and no more than a look holds otherwise. */
  async count(): Promise<number> {
    // One after the other: an order that moves on between two looks is met in the next queue, and never missed.
    const fronts: ServiceBusReceivedMessage[][] = [];
    for (const queue of this.#queues) fronts.push(await queue.peek(PEEKED));
    const waiting = (fronts[QUEUES.indexOf(INGRESS_QUEUE)] ?? []).filter(({ state }) => state === 'active');
    for (const { enqueuedTimeUtc } of waiting) {
      if (enqueuedTimeUtc) {
        const atMs = enqueuedTimeUtc.getTime();
        this.#firstEnqueuedAtMs = Math.min(this.#firstEnqueuedAtMs ?? atMs, atMs);
      }
    }
    return fronts.reduce((sum, { length }) => sum + length, 0);
  }
}
