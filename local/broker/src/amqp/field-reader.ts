import { type AmqpValue, decodeValue } from '../amqp-value.js';
import { endOfValue } from '../encoding.js';
import { MalformedMessage } from '../errors.js';
import { BINARY_8, FALSE, LIST_0, LIST_8, LIST_32, NULL, SMALL_UINT, TRUE, UINT, UINT_0 } from '../type-codes.js';

const MAX_UINT = 2 ** 32 - 1;

/**
 * Reads the fields of a list one by one, whatever encoding each has. A field that is null or left out at the end is
 * undefined. What clients send many times an order is read without a detour.
 */
export class FieldReader {
  /** Where the list ends. */
  readonly end: number;
  readonly #encoded: Buffer;
  #at: number;
  #left: number;

  /** `start` is where the constructor of the list is. @throws MalformedMessage */
  constructor(encoded: Buffer, start: number) {
    this.#encoded = encoded;
    this.end = endOfValue(encoded, start);
    const typeCode = encoded[start];
    if (typeCode === LIST_0) {
      this.#at = this.end;
      this.#left = 0;
      return;
    }
    if (typeCode !== LIST_8 && typeCode !== LIST_32) throw new MalformedMessage(`a list is expected at byte ${start}`);
    this.#at = start + (typeCode === LIST_8 ? 3 : 9);
    if (this.#at > this.end) throw new MalformedMessage(`the list at byte ${start} has no count`);
    this.#left = typeCode === LIST_8 ? encoded.readUInt8(start + 2) : encoded.readUInt32BE(start + 5);
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint(field: string): number | undefined {
    const at = this.#at;
    if (this.#left > 0) {
      switch (this.#encoded[at]) {
        case UINT_0:
          this.#step(at + 1);
          return 0;
        case SMALL_UINT:
          this.#step(at + 2);
          return this.#encoded[at + 1];
        case UINT:
          this.#step(at + 5);
          return this.#encoded.readUInt32BE(at + 1);
      }
    }
    const value = this.#value();
    if (value === null) return;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_UINT) return value;
    throw new MalformedMessage(`${field} is no uint`);
  }

  /** A whole number that has to be there. */
  requiredUint(field: string): number {
    const value = this.uint(field);
    if (value === undefined) throw new MalformedMessage(`${field} is missing`);
    return value;
  }

  /** A boolean; false where it is not there. */
  flag(field: string): boolean {
    const typeCode = this.#left > 0 ? this.#encoded[this.#at] : NULL;
    if (typeCode === TRUE || typeCode === FALSE) {
      this.#step(this.#at + 1);
      return typeCode === TRUE;
    }
    const value = this.#value();
    if (value === null || typeof value === 'boolean') return value === true;
    throw new MalformedMessage(`${field} is no boolean`);
  }

  /** The bytes of a binary. */
  bytes(field: string): Buffer | undefined {
    const at = this.#at;
    if (this.#left > 0 && this.#encoded[at] === BINARY_8) {
      this.#step(at + 2 + (this.#encoded[at + 1] ?? 0));
      return this.#encoded.subarray(at + 2, this.#at);
    }
    const value = this.#value();
    if (value === null || Buffer.isBuffer(value)) return value ?? undefined;
    throw new MalformedMessage(`${field} is no binary`);
  }

  /** A string or symbol. */
  text(field: string): string | undefined {
    const value = this.#value();
    if (value === null || typeof value === 'string') return value ?? undefined;
    throw new MalformedMessage(`${field} is no text`);
  }

  /** A field as the client encoded it. */
  encoded(): Buffer | undefined {
    const start = this.#at;
    return this.#value() === null ? undefined : this.#encoded.subarray(start, this.#at);
  }

  /** Passes over all that is left. @throws MalformedMessage when the list is not what it states. */
  finish(): void {
    while (this.#left > 0) this.encoded();
    if (this.#at !== this.end) throw new MalformedMessage(`a list ends at byte ${this.#at} and not at ${this.end}`);
  }

  /** Null where there is none. */
  #value(): AmqpValue {
    if (this.#left === 0) return null;
    const start = this.#at;
    this.#step(endOfValue(this.#encoded, start));
    return decodeValue(this.#encoded.subarray(start, this.#at));
  }

  #step(next: number): void {
    if (next > this.end) throw new MalformedMessage(`a value is cut short at byte ${this.end}`);
    this.#at = next;
    this.#left--;
  }
}
