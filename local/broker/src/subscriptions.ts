import type { Consumer } from './dispatcher.js';
import type { Queue } from './queue.js';
import type { MessageContent } from './queue-message.js';

/**
 * The subscriptions of a topic. Each gets a copy of every message once it is due; without one a message is gone, as in the
 * service. They have no rules: each wants all.
 */
export class Subscriptions implements Consumer {
  readonly room = Number.POSITIVE_INFINITY;
  readonly #topic: Queue;
  readonly #queues: Queue[] = [];

  constructor(topic: Queue) {
    this.#topic = topic;
  }

  /** From now on it gets a copy of what is sent. */
  add(subscription: Queue): void {
    this.#queues.push(subscription);
  }

  /** What they are called, with the topic's name before each. */
  get names(): string[] {
    return this.#queues.map(({ name }) => name);
  }

  /** @throws QuotaExceeded when messages do not fit in one of them. */
  checkRoom(contents: readonly MessageContent[]): void {
    for (const queue of this.#queues) queue.checkRoom(contents);
  }

  takeOne(): void {
    const message = this.#topic.receiveAndDelete();
    if (message) for (const queue of this.#queues) queue.accept([message.content]);
  }
}
