import type { Address } from './address.js';
import type { Clock } from './clock.js';
import { Entity, type EntityKind } from './entity.js';
import { NotSupported, QueueNotFound } from './errors.js';
import type { Faults } from './faults.js';
import { Queue } from './queue.js';
import type { QueueSettings } from './settings.js';

/** What every queue of a broker shares. */
export interface EntitiesOptions {
  readonly now: Clock;
  /** How many records of settled messages each queue keeps. */
  readonly settledCapacity: number;
  /** Absent unless the broker was started to be tested with faults. */
  readonly faults?: Faults;
}

/** An address that does not name the node for claims. */
type EntityAddress = Exclude<Address, { kind: 'cbs' }>;

/** The queues, topics and subscriptions of a broker by name; case does not matter. */
export class Entities {
  readonly #options: EntitiesOptions;
  readonly #byName = new Map<string, Entity>();

  constructor(options: EntitiesOptions) {
    this.#options = options;
  }

  /**
   * Creates a queue, or changes the settings of the queue or subscription that is there.
   *
   * @returns whether it is new.
   * @throws TypeError when a topic has the name.
   */
  put(name: string, settings: QueueSettings): boolean {
    const known = this.#byName.get(name.toLowerCase());
    if (known?.kind === 'topic')
      throw new TypeError(`${name} is a topic: it has subscriptions, and no queue's settings`);
    return this.#put(name, { kind: 'queue', settings });
  }

  /** Creates a topic where it is not there. @returns whether it is new. @throws TypeError when a queue has the name. */
  putTopic(name: string, settings: QueueSettings): boolean {
    const known = this.#byName.get(name.toLowerCase());
    if (known && known.kind !== 'topic') throw new TypeError(`${name} is a ${known.kind} already, and no topic`);
    return this.#put(name, { kind: 'topic', settings });
  }

  /**
   * Creates a subscription of a topic, or changes its settings.
   *
   * @returns it, and whether it is new.
   * @throws QueueNotFound when the topic is not there.
   */
  putSubscription(topicName: string, name: string, settings: QueueSettings): { entity: Entity; isNew: boolean } {
    const { subscriptions, queue: topic } = this.byName(topicName);
    if (!subscriptions) throw new QueueNotFound(topicName);
    const path = subscriptionPath(topic.name, name);
    const isNew = this.#put(path, { kind: 'subscription', settings });
    const entity = this.byName(path);
    if (isNew) subscriptions.add(entity.queue);
    return { entity, isNew };
  }

  /** @throws QueueNotFound */
  byName(name: string): Entity {
    const entity = this.#byName.get(name.toLowerCase());
    if (!entity) throw new QueueNotFound(name);
    return entity;
  }

  /** The topic, or the queue or subscription or its dead letters, that an address names. @throws QueueNotFound */
  byAddress(address: EntityAddress): Entity {
    const entity = this.byName(address.queue);
    return address.isDeadLetters && entity.deadLetters ? entity.deadLetters : entity;
  }

  /** What can be sent to at an address. @throws QueueNotFound, NotSupported */
  destination(address: EntityAddress): Entity {
    if (address.isDeadLetters) throw new NotSupported('sending to a dead-letter queue');
    const entity = this.byAddress(address);
    if (entity.kind === 'subscription') throw new NotSupported('sending to a subscription: send to its topic');
    return entity;
  }

  /** What can be received from at an address. @throws QueueNotFound, NotSupported */
  source(address: EntityAddress): Entity {
    const entity = this.byAddress(address);
    if (entity.kind === 'topic')
      throw new NotSupported('receiving from a topic: receive from <topic>/Subscriptions/<name>');
    return entity;
  }

  /** Queues, topics and subscriptions. */
  all(): Entity[] {
    return [...this.#byName.values()];
  }

  /** Queues and subscriptions. */
  queues(): Entity[] {
    return this.all().filter(({ kind }) => kind !== 'topic');
  }

  topics(): Entity[] {
    return this.all().filter(({ kind }) => kind === 'topic');
  }

  close(): void {
    for (const entity of this.#byName.values()) entity.close();
  }

  #put(name: string, { kind, settings }: { kind: EntityKind; settings: QueueSettings }): boolean {
    const known = this.#byName.get(name.toLowerCase());
    if (known) {
      known.queue.changeSettings(settings);
      return false;
    }
    const { now, settledCapacity, faults } = this.#options;
    const queue = new Queue({ name, settings, now, settledCapacity, ...(faults && { record: faults.record }) });
    const entity = new Entity({ kind, queue, now, ...(faults && { acknowledge: faults.acknowledge }) });
    this.#byName.set(name.toLowerCase(), entity);
    return true;
  }
}

/** How the SDKs address a subscription. */
function subscriptionPath(topic: string, name: string): string {
  return `${topic}/Subscriptions/${name}`;
}
