import { Alarm } from './alarm.js';
import type { Clock } from './clock.js';
import { Dispatcher } from './dispatcher.js';
import type { Queue } from './queue.js';

/** A queue with what drives it: the alarm that calls it on time and the dispatcher that serves its consumers. */
export class Entity {
  readonly queue: Queue;
  readonly dispatcher: Dispatcher;
  /** The queue's `$DeadLetterQueue`; a dead-letter queue has none of its own. */
  readonly deadLetters: Entity | undefined;
  readonly #alarm: Alarm;

  constructor(queue: Queue, now: Clock) {
    this.queue = queue;
    this.dispatcher = new Dispatcher(queue);
    this.deadLetters = queue.deadLetters && new Entity(queue.deadLetters, now);
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
