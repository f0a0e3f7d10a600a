import type { MessageRecord } from './queue-message.js';

/** The records of the messages that left a queue last, as many as its capacity. */
export class SettledRing {
  readonly #records: MessageRecord[] = [];
  #next = 0;

  constructor(readonly capacity: number) {}

  add(record: MessageRecord): void {
    if (this.capacity === 0) return;
    this.#records[this.#next] = record;
    this.#next = (this.#next + 1) % this.capacity;
  }

  /** Oldest first. */
  list(): MessageRecord[] {
    return [...this.#records.slice(this.#next), ...this.#records.slice(0, this.#next)];
  }

  clear(): void {
    this.#records.length = 0;
    this.#next = 0;
  }
}
