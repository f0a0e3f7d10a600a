import type { Queue } from './queue.js';

/** Someone who takes messages from a queue. */
export interface Consumer {
  /** How many more messages it asked for. */
  readonly room: number;
  /** Takes one available message; called only with room, and with a message there. */
  takeOne(): void;
}

/** Hands a queue's available messages to the consumers that asked for some, in turns. */
export class Dispatcher {
  readonly #queue: Queue;
  readonly #waiting = new Set<Consumer>();
  #isDue = false;

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  /** A consumer has room now. */
  wait(consumer: Consumer): void {
    if (consumer.room <= 0) return;
    this.#waiting.add(consumer);
    this.dispatchSoon();
  }

  /** A consumer has gone. */
  remove(consumer: Consumer): void {
    this.#waiting.delete(consumer);
  }

  /** Dispatches once what is happening now is done: safe to call from within a queue's operation, and cheap to repeat. */
  dispatchSoon(): void {
    if (this.#isDue || this.#waiting.size === 0) return;
    this.#isDue = true;
    queueMicrotask(() => this.dispatch());
  }

  /** Hands out all that can be handed out. */
  dispatch(): void {
    this.#isDue = false;
    while (this.#queue.activeCount > 0) {
      const [consumer] = this.#waiting;
      if (!consumer) return;
      this.#waiting.delete(consumer);
      if (consumer.room <= 0) continue;
      consumer.takeOne();
      if (consumer.room > 0) this.#waiting.add(consumer);
    }
  }
}
