import { MalformedMessage } from './errors.js';
import { DESCRIBED } from './type-codes.js';

/**
 * A value of AMQP, the same whatever encoding it came in (AMQP 1.0, part 1, section 1.6): null, a boolean, a number (a
 * bigint where a number would not be exact), a Date, text (a string, symbol or char), bytes (a binary, UUID or decimal), a
 * list or array, or a map. What a descriptor says of a value is dropped.
 */
export type AmqpValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Buffer
  | readonly AmqpValue[]
  | ReadonlyMap<AmqpValue, AmqpValue>;

/** Decodes the value that bytes begin with. @throws MalformedMessage when they are no whole value. */
export function decodeValue(encoded: Buffer): AmqpValue {
  return new ValueReader(encoded).next();
}

/** A whole number that a client sent, as a number. @throws MalformedMessage naming the field when it is none. */
export function wholeNumber(field: string, value: AmqpValue | undefined): number {
  if (typeof value === 'bigint' || Number.isInteger(value)) return Number(value);
  throw new MalformedMessage(`${field} is no whole number`);
}

/** Deepest nesting of lists, maps, arrays and descriptors; what the SDKs send has less than ten. */
const MAX_DEPTH = 64;

/** Reads values one behind the other. */
class ValueReader {
  readonly #encoded: Buffer;
  #at = 0;
  /** Where what is read now ends. */
  #end: number;
  #depth = 0;

  constructor(encoded: Buffer) {
    this.#encoded = encoded;
    this.#end = encoded.length;
  }

  next(): AmqpValue {
    const typeCode = this.#uint(1);
    if (typeCode !== DESCRIBED) return this.#content(typeCode);
    this.#enter();
    this.next();
    const value = this.next();
    this.#depth--;
    return value;
  }

  /** What follows a constructor. */
  #content(typeCode: number): AmqpValue {
    switch (typeCode) {
      case 0x40:
        return null;
      case 0x41:
        return true;
      case 0x42:
        return false;
      case 0x56:
        return this.#uint(1) !== 0;
      case 0x43:
      case 0x44:
        return 0;
      case 0x50:
      case 0x52:
      case 0x53:
        return this.#uint(1);
      case 0x60:
        return this.#uint(2);
      case 0x70:
        return this.#uint(4);
      case 0x80:
        return exact(this.#bytes(8).readBigUInt64BE());
      case 0x51:
      case 0x54:
      case 0x55:
        return this.#bytes(1).readInt8();
      case 0x61:
        return this.#bytes(2).readInt16BE();
      case 0x71:
        return this.#bytes(4).readInt32BE();
      case 0x81:
        return exact(this.#bytes(8).readBigInt64BE());
      case 0x72:
        return this.#bytes(4).readFloatBE();
      case 0x82:
        return this.#bytes(8).readDoubleBE();
      case 0x73:
        return character(this.#uint(4));
      case 0x83:
        return new Date(Number(this.#bytes(8).readBigInt64BE()));
      case 0x74:
        return this.#bytes(4);
      case 0x84:
        return this.#bytes(8);
      case 0x94:
      case 0x98:
        return this.#bytes(16);
      case 0xa0:
      case 0xb0:
        return this.#bytes(this.#length(typeCode));
      case 0xa1:
      case 0xb1:
        return this.#bytes(this.#length(typeCode)).toString('utf8');
      case 0xa3:
      case 0xb3:
        return this.#bytes(this.#length(typeCode)).toString('latin1');
      case 0x45:
        return [];
      case 0xc0:
      case 0xd0:
        return this.#items(typeCode);
      case 0xc1:
      case 0xd1:
        return mapOf(this.#items(typeCode));
      case 0xe0:
      case 0xf0:
        return this.#elements(typeCode);
      default:
        throw new MalformedMessage(`AMQP has no type code ${typeCode}`);
    }
  }

  #items(typeCode: number): AmqpValue[] {
    return this.#counted(typeCode, count => Array.from({ length: count }, () => this.next()));
  }

  #elements(typeCode: number): AmqpValue[] {
    return this.#counted(typeCode, count => {
      let elementCode = this.#uint(1);
      while (elementCode === DESCRIBED) {
        this.next();
        elementCode = this.#uint(1);
      }
      return Array.from({ length: count }, () => this.#content(elementCode));
    });
  }

  /** Reads a size, a count, and as many items, which have to be of that size. */
  #counted(typeCode: number, read: (count: number) => AmqpValue[]): AmqpValue[] {
    const outerEnd = this.#end;
    const end = this.#length(typeCode) + this.#at;
    if (end > outerEnd) throw new MalformedMessage(`a value is cut short at byte ${outerEnd}`);
    this.#enter();
    this.#end = end;
    const count = this.#length(typeCode);
    // Before memory is taken for them: elements without width take no bytes, and four thousand million are not allowed.
    if (count > end - this.#at) throw new MalformedMessage(`${count} items are stated at byte ${this.#at}`);
    const items = read(count);
    if (this.#at !== end) throw new MalformedMessage(`items end at byte ${this.#at} and not at ${end}`);
    this.#end = outerEnd;
    this.#depth--;
    return items;
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) throw new MalformedMessage(`values are nested deeper than ${MAX_DEPTH}`);
  }

  /** A size or count: a byte for the small types, four for the others. */
  #length(typeCode: number): number {
    return this.#uint((typeCode >> 4) % 2 === 0 ? 1 : 4);
  }

  #uint(width: 1 | 2 | 4): number {
    return this.#bytes(width).readUIntBE(0, width);
  }

  #bytes(length: number): Buffer {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#end) throw new MalformedMessage(`a value is cut short at byte ${this.#end}`);
    return this.#encoded.subarray(start, this.#at);
  }
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function character(codePoint: number): string {
  if (codePoint > 0x10ffff) throw new MalformedMessage(`there is no character ${codePoint}`);
  return String.fromCodePoint(codePoint);
}

function mapOf(items: readonly AmqpValue[]): ReadonlyMap<AmqpValue, AmqpValue> {
  if (items.length % 2 !== 0) throw new MalformedMessage('a map has a key without a value');
  const map = new Map<AmqpValue, AmqpValue>();
  for (let at = 0; at < items.length; at += 2) map.set(items[at] ?? null, items[at + 1] ?? null);
  return map;
}
