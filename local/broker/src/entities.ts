import type { Address } from './address.js';
import type { Clock } from './clock.js';
import { Entity } from './entity.js';
import { QueueNotFound } from './errors.js';
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

/** The queues of a broker by name; case does not matter. */
export class Entities {
  readonly #options: EntitiesOptions;
  readonly #byName = new Map<string, Entity>();

  constructor(options: EntitiesOptions) {
    this.#options = options;
  }

  /** Creates a queue, or changes the settings of the one that is there. @returns whether it is new. */
  put(name: string, settings: QueueSettings): boolean {
    const known = this.#byName.get(name.toLowerCase());
    if (known) {
      known.queue.changeSettings(settings);
      return false;
    }
    const { now, settledCapacity, faults } = this.#options;
    const queue = new Queue({ name, settings, now, settledCapacity, ...(faults && { record: faults.record }) });
    const entity = new Entity({ queue, now, ...(faults && { acknowledge: faults.acknowledge }) });
    this.#byName.set(name.toLowerCase(), entity);
    return true;
  }

  /** @throws QueueNotFound */
  byName(name: string): Entity {
    const entity = this.#byName.get(name.toLowerCase());
    if (!entity) throw new QueueNotFound(name);
    return entity;
  }

  /** The queue or dead-letter queue that an address names. @throws QueueNotFound */
  byAddress(address: Exclude<Address, { kind: 'cbs' }>): Entity {
    const entity = this.byName(address.queue);
    return address.isDeadLetters && entity.deadLetters ? entity.deadLetters : entity;
  }

  list(): Entity[] {
    return [...this.#byName.values()];
  }

  close(): void {
    for (const entity of this.#byName.values()) entity.close();
  }
}
