import { EncodedValue } from './encoded-value.js';
import { LONG, SYMBOL, type TIMESTAMP } from './type-codes.js';

/** What can be encoded. A whole number becomes an int or a long; what has to be of another type is an `EncodedValue`. */
export type Encodable =
  | null
  | undefined
  | boolean
  | number
  | string
  | Buffer
  | EncodedValue
  | readonly Encodable[]
  | { readonly [key: string]: Encodable };

/** Encodes a value (AMQP 1.0, part 1, section 1.6). */
export function encodeValue(value: Encodable): Buffer {
  if (value === null || value === undefined) return NULL;
  if (typeof value === 'boolean') return Buffer.from([value ? 0x41 : 0x42]);
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'string') return encodeBytes(0xa1, Buffer.from(value));
  if (value instanceof EncodedValue) return value.bytes;
  if (Buffer.isBuffer(value)) return encodeBytes(0xa0, value);
  if (isList(value)) return value.length === 0 ? LIST_0 : encodeItems(0xc0, value.map(encodeValue));
  return encodeItems(
    0xc1,
    Object.entries(value).flatMap(([key, item]) => [encodeValue(key), encodeValue(item)]),
  );
}

/** A value with a descriptor; of a list the nulls at the end are left out. */
export function described(code: number, value: Encodable): EncodedValue {
  const content = isList(value) ? value.slice(0, value.findLastIndex(item => item != null) + 1) : value;
  return new EncodedValue(Buffer.concat([Buffer.from([0x00, 0x53, code]), encodeValue(content)]));
}

/** A whole number of four bytes. */
export function uint(value: number): EncodedValue {
  const encoded = Buffer.alloc(5, 0x70);
  encoded.writeUInt32BE(value, 1);
  return new EncodedValue(encoded);
}

/** A whole number of two bytes. */
export function ushort(value: number): EncodedValue {
  return new EncodedValue(Buffer.from([0x60, value >> 8, value & 0xff]));
}

/** A whole number of one byte. */
export function ubyte(value: number): EncodedValue {
  return new EncodedValue(Buffer.from([0x50, value]));
}

/** A whole number of eight bytes. */
export function ulong(value: number): EncodedValue {
  return new EncodedValue(Buffer.concat([Buffer.from([0x80]), eightBytes(value)]));
}

/** ASCII text that names something. */
export function symbol(text: string): EncodedValue {
  return new EncodedValue(encodeBytes(0xa3, Buffer.from(text)));
}

/** A UUID of 16 bytes in the order of the wire. */
export function uuid(bytes: Buffer): EncodedValue {
  return new EncodedValue(Buffer.concat([Buffer.from([0x98]), bytes]));
}

/** An array of values of one type. */
export function array(
  type: typeof LONG | typeof TIMESTAMP | typeof SYMBOL,
  values: readonly (string | number)[],
): EncodedValue {
  const elements = values.map(value =>
    typeof value === 'number' ? eightBytes(value) : encodeBytes(SYMBOL, Buffer.from(value)).subarray(1),
  );
  const content = Buffer.concat([Buffer.from([type]), ...elements]);
  return encodeCompound(0xf0, content, values.length);
}

/** A list (0xd0), map (0xd1) or array (0xf0) of so many encoded items. */
export function encodeCompound(typeCode: number, content: Buffer, count: number): EncodedValue {
  const head = Buffer.alloc(9, typeCode);
  head.writeUInt32BE(content.length + 4, 1);
  head.writeUInt32BE(count, 5);
  return new EncodedValue(Buffer.concat([head, content]));
}

const NULL = Buffer.from([0x40]);
const LIST_0 = Buffer.from([0x45]);

function isList(value: Encodable): value is readonly Encodable[] {
  return Array.isArray(value);
}

function encodeNumber(value: number): Buffer {
  if (!Number.isSafeInteger(value)) {
    const encoded = Buffer.alloc(9, 0x82);
    encoded.writeDoubleBE(value, 1);
    return encoded;
  }
  if (value !== (value | 0)) return Buffer.concat([Buffer.from([LONG]), eightBytes(value)]);
  const encoded = Buffer.alloc(5, 0x71);
  encoded.writeInt32BE(value, 1);
  return encoded;
}

function eightBytes(value: number): Buffer {
  const encoded = Buffer.alloc(8);
  encoded.writeBigInt64BE(BigInt(value));
  return encoded;
}

/** What has a length before it: the type code of the narrow encoding, or the one of the wide. */
function encodeBytes(narrow: number, bytes: Buffer): Buffer {
  if (bytes.length < 256) return Buffer.concat([Buffer.from([narrow, bytes.length]), bytes]);
  const head = Buffer.alloc(5, narrow + 0x10);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** A list or map: its size and the number of its items, each in a byte or in four. */
function encodeItems(narrow: 0xc0 | 0xc1, items: readonly Buffer[]): Buffer {
  const content = Buffer.concat(items);
  if (content.length > 254 || items.length > 255) return encodeCompound(narrow + 0x10, content, items.length).bytes;
  return Buffer.concat([Buffer.from([narrow, content.length + 1, items.length]), content]);
}
