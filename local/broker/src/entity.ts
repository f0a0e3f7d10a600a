import { Alarm } from './alarm.js';
import type { Clock } from './clock.js';
import { Dispatcher } from './dispatcher.js';
import { delayedBy, type Later } from './latency.js';
import type { Queue } from './queue.js';

/** What an entity is made of. */
export interface EntityOptions {
  readonly queue: Queue;
  readonly now: Clock;
  readonly acknowledge?: Later;
}

/** A queue with what drives it: the alarm that calls it on time and the dispatcher that serves its consumers. */
export class Entity {
  readonly queue: Queue;
  readonly dispatcher: Dispatcher;
  /** The queue's `$DeadLetterQueue`; a dead-letter queue has none of its own. */
  readonly deadLetters: Entity | undefined;
  /** Tells a consumer that its settlement took effect: at once, but for tests with faults. */
  readonly acknowledge: Later;
  readonly #alarm: Alarm;

  constructor({ queue, now, acknowledge = delayedBy(0) }: EntityOptions) {
    this.queue = queue;
    this.acknowledge = acknowledge;
    this.dispatcher = new Dispatcher(queue);
    this.deadLetters = queue.deadLetters && new Entity({ queue: queue.deadLetters, now, acknowledge });
    this.#alarm = new Alarm({
      now,
      ring: () => {
        queue.advance();
        return queue.nextDueAtMs;
      },
    });
    queue.events = {
      available: () => this.dispatcher.dispatchSoon(),
      due: atMs => this.#alarm.set(atMs),
    };
  }

  close(): void {
    this.#alarm.clear();
    this.deadLetters?.close();
  }
}
