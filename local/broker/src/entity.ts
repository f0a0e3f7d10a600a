import { Alarm } from './alarm.js';
import type { Clock } from './clock.js';
import { Dispatcher } from './dispatcher.js';
import { delayedBy, type Later } from './latency.js';
import type { Queue } from './queue.js';
import type { MessageContent } from './queue-message.js';
import { Subscriptions } from './subscriptions.js';

/** A topic can only be sent to, a subscription only received from. */
export type EntityKind = 'queue' | 'topic' | 'subscription';

/** What an entity is made of. */
export interface EntityOptions {
  readonly kind: EntityKind;
  readonly queue: Queue;
  readonly now: Clock;
  readonly acknowledge?: Later;
}

/** A queue with what drives it: the alarm that calls it on time and the dispatcher that serves its consumers. */
export class Entity {
  readonly kind: EntityKind;
  /** Of a topic this holds what is scheduled; the rest goes on to its subscriptions at once. */
  readonly queue: Queue;
  readonly dispatcher: Dispatcher;
  /** The queue's `$DeadLetterQueue`; a dead-letter queue has none of its own. */
  readonly deadLetters: Entity | undefined;
  /** Of a topic alone. */
  readonly subscriptions: Subscriptions | undefined;
  /** Tells a consumer that its settlement took effect: at once, but for tests with faults. */
  readonly acknowledge: Later;
  readonly #alarm: Alarm;

  constructor({ kind, queue, now, acknowledge = delayedBy(0) }: EntityOptions) {
    this.kind = kind;
    this.queue = queue;
    this.acknowledge = acknowledge;
    this.dispatcher = new Dispatcher(queue);
    this.deadLetters = queue.deadLetters && new Entity({ kind, queue: queue.deadLetters, now, acknowledge });
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
    this.subscriptions = kind === 'topic' ? new Subscriptions(queue) : undefined;
    if (this.subscriptions) this.dispatcher.wait(this.subscriptions);
  }

  /**
   * Takes messages in, all or none.
   *
   * @returns their sequence numbers.
   * @throws QuotaExceeded when they do not fit here, or in a subscription.
   */
  send(contents: readonly MessageContent[]): number[] {
    this.subscriptions?.checkRoom(contents);
    return this.queue.send(contents);
  }

  close(): void {
    this.#alarm.clear();
    this.deadLetters?.close();
  }
}
