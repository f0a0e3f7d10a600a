import { MalformedMessage } from './errors.js';
import {
  APPLICATION_PROPERTIES,
  DATA,
  DELIVERY_ANNOTATIONS,
  HEADER,
  MESSAGE_ANNOTATIONS,
  PROPERTIES,
  VALUE,
} from './section-codes.js';
import { DESCRIBED, SMALL_ULONG, ULONG } from './type-codes.js';

const LISTS = [0x45, 0xc0, 0xd0];
const MAPS = [0xc1, 0xd1];
const BINARIES = [0xa0, 0xb0];

/** The sections of a message by their numeric descriptors: the symbolic ones, and which type codes their values have. */
const SECTIONS: ReadonlyMap<number, { readonly symbol: string; readonly typeCodes?: readonly number[] }> = new Map([
  [HEADER, { symbol: 'amqp:header:list', typeCodes: LISTS }],
  [DELIVERY_ANNOTATIONS, { symbol: 'amqp:delivery-annotations:map', typeCodes: MAPS }],
  [MESSAGE_ANNOTATIONS, { symbol: 'amqp:message-annotations:map', typeCodes: MAPS }],
  [PROPERTIES, { symbol: 'amqp:properties:list', typeCodes: LISTS }],
  [APPLICATION_PROPERTIES, { symbol: 'amqp:application-properties:map', typeCodes: MAPS }],
  [DATA, { symbol: 'amqp:data:binary', typeCodes: BINARIES }],
  [0x76, { symbol: 'amqp:amqp-sequence:list', typeCodes: LISTS }],
  [VALUE, { symbol: 'amqp:amqp-value:*' }],
  [0x78, { symbol: 'amqp:footer:map', typeCodes: MAPS }],
]);
/** Descriptors of performatives, of the states of a delivery and of what else is a list (AMQP 1.0, parts 2, 3 and 5). */
export const DESCRIPTORS = {
  open: 0x10,
  begin: 0x11,
  attach: 0x12,
  flow: 0x13,
  transfer: 0x14,
  disposition: 0x15,
  detach: 0x16,
  end: 0x17,
  close: 0x18,
  error: 0x1d,
  received: 0x23,
  accepted: 0x24,
  rejected: 0x25,
  released: 0x26,
  modified: 0x27,
  source: 0x28,
  target: 0x29,
  'sasl-mechanisms': 0x40,
  'sasl-init': 0x41,
  'sasl-outcome': 0x44,
} as const;

/** What has one of them. */
export type DescriptorName = keyof typeof DESCRIPTORS;

const CODES: ReadonlyMap<string, number> = new Map([
  ...[...SECTIONS].map(([code, { symbol }]) => [symbol, code] as const),
  ...Object.entries(DESCRIPTORS).map(([name, code]) => [`amqp:${name}:list`, code] as const),
]);

/** Bytes behind each type code of AMQP (part 1, section 1.6), without those that a length states; -1: there is no such code. */
const WIDTHS: Int8Array = new Int8Array(256).fill(-1);
for (const [width, typeCodes] of [
  [0, [0x40, 0x41, 0x42, 0x43, 0x44, 0x45]],
  [1, [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0xa0, 0xa1, 0xa3, 0xc0, 0xc1, 0xe0]],
  [2, [0x60, 0x61]],
  [4, [0x70, 0x71, 0x72, 0x73, 0x74, 0xb0, 0xb1, 0xb3, 0xd0, 0xd1, 0xf0]],
  [8, [0x80, 0x81, 0x82, 0x83, 0x84]],
  [16, [0x94, 0x98]],
] as const) {
  for (const typeCode of typeCodes) WIDTHS[typeCode] = width;
}
/** From here on type codes are of values whose length stands before them. */
const FIRST_OF_ANY_LENGTH = 0xa0;

/** A piece of an AMQP encoding: where its value begins (at the constructor byte) and where it ends. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A described section of a message; `code` is its numeric descriptor, `start` the descriptor's own first byte. */
export interface Section extends Span {
  readonly code: number;
  /** The bytes begin with the shortest form of the descriptor. */
  readonly isPlain: boolean;
  /** Where the value behind the descriptor begins. */
  readonly value: number;
}

/** One entry of a map. */
export interface MapEntry extends Span {
  /** A string or symbol; undefined for a key of another type. */
  readonly key: string | undefined;
  /** Where the value behind the key begins. */
  readonly value: number;
}

/** Splits an encoded message into its sections (AMQP 1.0, part 3, section 3.2) without decoding them. */
export function sectionsOf(encoded: Buffer): Section[] {
  const sections: Section[] = [];
  for (let start = 0; start < encoded.length; ) {
    const { code, value, isPlain } = readDescriptor(encoded, start);
    const section = SECTIONS.get(code);
    if (!section) throw new MalformedMessage(`no message section begins at byte ${start}`);
    const { typeCodes } = section;
    if (typeCodes && !typeCodes.includes(encoded[value] ?? 0)) {
      throw new MalformedMessage(`the section at byte ${start} is of another type than its descriptor says`);
    }
    const end = endOfValue(encoded, value);
    sections.push({ code, isPlain, start, value, end });
    start = end;
  }
  return sections;
}

/** A message whose descriptors have their shortest form, the one that every client reads; undefined when they have it. */
export function withPlainDescriptors(encoded: Buffer, sections: readonly Section[]): Buffer | undefined {
  if (sections.every(({ isPlain }) => isPlain)) return;
  return Buffer.concat(
    sections.flatMap(({ code, value, end }) => [
      Buffer.from([DESCRIBED, SMALL_ULONG, code]),
      encoded.subarray(value, end),
    ]),
  );
}

/** What comes before the body of an encoded message, also where the body is not whole. */
export function headOf(encoded: Buffer): Buffer {
  let start = 0;
  while (start < encoded.length) {
    const { code, value } = readDescriptor(encoded, start);
    if (code > APPLICATION_PROPERTIES) break;
    start = endOfValue(encoded, value);
  }
  return encoded.subarray(0, start);
}

/** What stands before a described value. */
export interface Descriptor {
  readonly code: number;
  /** Where the described value begins. */
  readonly value: number;
  /** It has its shortest form. */
  readonly isPlain: boolean;
}

/** Reads a descriptor: a number in one of two encodings, or a symbol that AMQP knows, in one of two. @throws MalformedMessage */
export function readDescriptor(encoded: Buffer, start: number): Descriptor {
  if (encoded[start] === DESCRIBED) {
    const value = endOfPlainValue(encoded, start + 1);
    const typeCode = encoded[start + 1];
    if (typeCode === SMALL_ULONG) return { code: encoded.readUInt8(start + 2), value, isPlain: true };
    if (typeCode === ULONG) return { code: Number(encoded.readBigUInt64BE(start + 2)), value, isPlain: false };
    if (typeCode === 0xa3 || typeCode === 0xb3) {
      const code = CODES.get(readText(encoded, start + 1));
      if (code !== undefined) return { code, value, isPlain: false };
    }
  }
  throw new MalformedMessage(`no described value that AMQP knows begins at byte ${start}`);
}

/** Where a value ends, by the width that its constructor states (AMQP 1.0, part 1, section 1.2). */
export function endOfValue(encoded: Buffer, start: number): number {
  let at = start;
  while (encoded[at] === DESCRIBED) at = endOfPlainValue(encoded, at + 1);
  return endOfPlainValue(encoded, at);
}

/** The items of the list whose constructor is at `start`. */
export function listItemsOf(encoded: Buffer, start: number): Span[] {
  if (encoded[start] === 0x45) return [];
  const { first, end, count } = compoundAt(encoded, start, 0xd0);
  const items: Span[] = [];
  for (let at = first; at < end; at = items.at(-1)?.end ?? end) items.push({ start: at, end: endOfValue(encoded, at) });
  checkItems(start, { count, end }, items.length, items.at(-1)?.end ?? first);
  return items;
}

/** The entries of the map whose constructor is at `start`. */
export function mapEntriesOf(encoded: Buffer, start: number): MapEntry[] {
  const { first, end, count } = compoundAt(encoded, start, 0xd1);
  const entries: MapEntry[] = [];
  let at = first;
  while (at < end) {
    const value = endOfValue(encoded, at);
    const next = endOfValue(encoded, value);
    entries.push({ key: readKey(encoded, at), start: at, value, end: next });
    at = next;
  }
  checkItems(start, { count, end }, 2 * entries.length, at);
  return entries;
}

/** The text of a string or symbol. */
export function readText(encoded: Buffer, start: number): string {
  return readBytes(encoded, start).toString('utf8');
}

/** The bytes of a binary, string or symbol. */
export function readBytes(encoded: Buffer, start: number): Buffer {
  const header = (encoded[start] ?? 0) >> 4 === 0xb ? 5 : 2;
  return encoded.subarray(start + header, endOfValue(encoded, start));
}

/** Where the items of a list (0xd0) or map (0xd1) of either width are, and how many it states. */
function compoundAt(encoded: Buffer, start: number, wide: 0xd0 | 0xd1): { first: number; end: number; count: number } {
  const isWide = encoded[start] === wide;
  if (!isWide && encoded[start] !== wide - 0x10) {
    throw new MalformedMessage(`a ${wide === 0xd1 ? 'map' : 'list'} is expected at byte ${start}`);
  }
  const end = endOfValue(encoded, start);
  const width = isWide ? 4 : 1;
  return { first: start + 1 + 2 * width, end, count: lengthAt(encoded, start + 1 + width, width) };
}

function checkItems(
  start: number,
  stated: { readonly count: number; readonly end: number },
  count: number,
  end: number,
): void {
  if (stated.count === count && stated.end === end) return;
  throw new MalformedMessage(`the list or map at byte ${start} states another size than it has`);
}

function readKey(encoded: Buffer, start: number): string | undefined {
  const typeCode = encoded[start] ?? 0;
  const isText = typeCode === 0xa1 || typeCode === 0xa3 || typeCode === 0xb1 || typeCode === 0xb3;
  return isText ? readText(encoded, start) : undefined;
}

function endOfPlainValue(encoded: Buffer, start: number): number {
  const typeCode = encoded[start] ?? 0;
  const width = WIDTHS[typeCode] ?? -1;
  if (width < 0) throw new MalformedMessage(`no value begins at byte ${start}`);
  const length = typeCode < FIRST_OF_ANY_LENGTH ? 0 : lengthAt(encoded, start + 1, width === 1 ? 1 : 4);
  const end = start + 1 + width + length;
  if (end > encoded.length) throw new MalformedMessage(`the value at byte ${start} is cut short`);
  return end;
}

function lengthAt(encoded: Buffer, start: number, width: 1 | 4): number {
  if (start + width > encoded.length) throw new MalformedMessage(`a length is cut short at byte ${start}`);
  return encoded.readUIntBE(start, width);
}
