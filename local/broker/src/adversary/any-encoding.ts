import fc from 'fast-check';

/*
 * Every encoding that AMQP 1.0 has for a value (part 1, section 1.6), one drawn at random wherever there are several. Clients
 * are free to choose, and each client chooses otherwise.
 */

/** A value in one of its encodings. */
export type Encoded = fc.Arbitrary<Buffer>;

export const nothing: Encoded = fc.constant(Buffer.from([0x40]));

export function boolean(value: boolean): Encoded {
  return oneOf([Buffer.from([value ? 0x41 : 0x42]), Buffer.from([0x56, value ? 1 : 0])]);
}

export function ubyte(value: number): Encoded {
  return fc.constant(Buffer.from([0x50, value]));
}

export function uint(value: number): Encoded {
  const wide = Buffer.alloc(5, 0x70);
  wide.writeUInt32BE(value, 1);
  return oneOf([...(value === 0 ? [[0x43]] : []), ...(value < 256 ? [[0x52, value]] : []), wide]);
}

export function ulong(value: number | bigint): Encoded {
  const wide = Buffer.alloc(9, 0x80);
  wide.writeBigUInt64BE(BigInt(value), 1);
  return oneOf([...(value === 0 ? [[0x44]] : []), ...(value < 256 ? [[0x53, Number(value)]] : []), wide]);
}

export function int(value: number): Encoded {
  const wide = Buffer.alloc(5, 0x71);
  wide.writeInt32BE(value, 1);
  return oneOf([...(isByte(value) ? [[0x54, value & 0xff]] : []), wide]);
}

export function long(value: number): Encoded {
  const wide = Buffer.alloc(9, 0x81);
  wide.writeBigInt64BE(BigInt(value), 1);
  return oneOf([...(isByte(value) ? [[0x55, value & 0xff]] : []), wide]);
}

export function timestamp(atMs: number): Encoded {
  const wide = Buffer.alloc(9, 0x83);
  wide.writeBigInt64BE(BigInt(atMs), 1);
  return fc.constant(wide);
}

export function double(value: number): Encoded {
  const wide = Buffer.alloc(9, 0x82);
  wide.writeDoubleBE(value, 1);
  return fc.constant(wide);
}

export function uuid(value: Buffer): Encoded {
  return fc.constant(Buffer.concat([Buffer.from([0x98]), value]));
}

export function binary(value: Buffer): Encoded {
  return ofAnyLength(0xa0, value);
}

export function string(value: string): Encoded {
  return ofAnyLength(0xa1, Buffer.from(value));
}

export function symbol(value: string): Encoded {
  return ofAnyLength(0xa3, Buffer.from(value));
}

export function list(items: readonly Encoded[]): Encoded {
  return fc
    .tuple(...items)
    .chain(encoded =>
      items.length === 0 ? oneOf([[0x45], [0xc0, 1, 0], wideCompound(0xd0, [])]) : compound(0xc0, encoded),
    );
}

/** Keys are symbols in annotations and strings elsewhere. */
export function map(entries: readonly (readonly [Encoded, Encoded])[]): Encoded {
  return fc.tuple(...entries.flat()).chain(encoded => compound(0xc1, encoded));
}

/** An array whose elements are of a fixed width or of any length, all with one constructor. */
export function array(typeCode: number, elements: readonly Buffer[]): Encoded {
  const content = Buffer.concat([Buffer.from([typeCode]), ...elements]);
  return oneOf([
    ...(content.length < 255 ? [[0xe0, content.length + 1, elements.length, ...content]] : []),
    Buffer.concat([Buffer.from([0xf0]), uint32(content.length + 4), uint32(elements.length), content]),
  ]);
}

/** What a descriptor with a number and a name describes. */
export function described(code: number, name: string, value: Encoded): Encoded {
  return fc
    .tuple(fc.oneof(ulong(code), symbol(name)), value)
    .map(([descriptor, encoded]) => Buffer.concat([Buffer.from([0]), descriptor, encoded]));
}

/** Values one behind the other. */
export function joined(...parts: readonly Encoded[]): Encoded {
  return fc.tuple(...parts).map(encoded => Buffer.concat(encoded));
}

function compound(small: 0xc0 | 0xc1, items: readonly Buffer[]): Encoded {
  const content = Buffer.concat(items);
  const wide = wideCompound(small === 0xc0 ? 0xd0 : 0xd1, items);
  if (content.length > 254 || items.length > 255) return fc.constant(wide);
  return oneOf([Buffer.concat([Buffer.from([small, content.length + 1, items.length]), content]), wide]);
}

function wideCompound(typeCode: number, items: readonly Buffer[]): Buffer {
  const content = Buffer.concat(items);
  return Buffer.concat([Buffer.from([typeCode]), uint32(content.length + 4), uint32(items.length), content]);
}

function ofAnyLength(small: number, value: Buffer): Encoded {
  const wide = Buffer.concat([Buffer.from([small + 0x10]), uint32(value.length), value]);
  return oneOf([...(value.length < 256 ? [[small, value.length, ...value]] : []), wide]);
}

function oneOf(encodings: readonly (Buffer | readonly number[])[]): Encoded {
  return fc.constantFrom(...encodings.map(encoding => Buffer.from(encoding)));
}

function uint32(value: number): Buffer {
  const encoded = Buffer.alloc(4);
  encoded.writeUInt32BE(value);
  return encoded;
}

function isByte(value: number): boolean {
  return value >= -128 && value <= 127;
}
