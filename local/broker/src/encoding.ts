import { MalformedMessage } from './errors.js';

/** Stands before a descriptor, which stands before the value that it describes. */
const DESCRIBED = 0x00;
/** The last section before the body. */
const APPLICATION_PROPERTIES = 0x74;

/** A piece of an AMQP encoding: where its value begins (at the constructor byte) and where it ends. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A described section of a message; `code` is its numeric descriptor, `start` the descriptor's own first byte. */
export interface Section extends Span {
  readonly code: number;
  /** Where the value behind the descriptor begins. */
  readonly value: number;
}

/** One entry of a map. */
export interface MapEntry extends Span {
  readonly key: string;
  /** Where the value behind the key begins. */
  readonly value: number;
}

/** Splits an encoded message into its sections (AMQP 1.0, part 3, section 3.2) without decoding them. */
export function sectionsOf(encoded: Buffer): Section[] {
  const sections: Section[] = [];
  for (let start = 0; start < encoded.length; ) {
    const { code, value } = readDescriptor(encoded, start);
    const end = endOfValue(encoded, value);
    sections.push({ code, start, value, end });
    start = end;
  }
  return sections;
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

/** Where a value ends, by the width that its constructor states (AMQP 1.0, part 1, section 1.2). */
export function endOfValue(encoded: Buffer, start: number): number {
  let at = start;
  while (encoded[at] === DESCRIBED) at = endOfPlainValue(encoded, at + 1);
  return endOfPlainValue(encoded, at);
}

/** The items of the list whose constructor is at `start`. */
export function listItemsOf(encoded: Buffer, start: number): Span[] {
  if (encoded[start] === 0x45) return [];
  const first = start + (isWide(encoded, start, 0xd0) ? 9 : 3);
  const end = endOfValue(encoded, start);
  const items: Span[] = [];
  for (let at = first; at < end; at = items.at(-1)?.end ?? end) items.push({ start: at, end: endOfValue(encoded, at) });
  return items;
}

/** The entries of the map whose constructor is at `start`. */
export function mapEntriesOf(encoded: Buffer, start: number): MapEntry[] {
  const first = start + (isWide(encoded, start, 0xd1) ? 9 : 3);
  const end = endOfValue(encoded, start);
  const entries: MapEntry[] = [];
  for (let at = first; at < end; ) {
    const value = endOfValue(encoded, at);
    const next = endOfValue(encoded, value);
    entries.push({ key: readText(encoded, at), start: at, value, end: next });
    at = next;
  }
  return entries;
}

/** The text of a string or symbol. */
export function readText(encoded: Buffer, start: number): string {
  const header = (encoded[start] ?? 0) >> 4 === 0xb ? 5 : 2;
  return encoded.toString('utf8', start + header, endOfValue(encoded, start));
}

/** The bytes of a binary, string or symbol. */
export function readBytes(encoded: Buffer, start: number): Buffer {
  const header = (encoded[start] ?? 0) >> 4 === 0xb ? 5 : 2;
  return encoded.subarray(start + header, endOfValue(encoded, start));
}

/** A section made of a list or map: descriptor, constructor, size, count, content. */
export function encodeCompound(section: {
  code: number;
  typeCode: 0xd0 | 0xd1;
  count: number;
  content: Buffer;
}): Buffer {
  const head = Buffer.alloc(12);
  head.set([DESCRIBED, 0x53, section.code, section.typeCode]);
  head.writeUInt32BE(section.content.length + 4, 4);
  head.writeUInt32BE(section.count, 8);
  return Buffer.concat([head, section.content]);
}

function readDescriptor(encoded: Buffer, start: number): { code: number; value: number } {
  const typeCode = encoded[start + 1];
  if (encoded[start] === DESCRIBED && typeCode === 0x53 && start + 2 < encoded.length) {
    return { code: encoded.readUInt8(start + 2), value: start + 3 };
  }
  if (encoded[start] === DESCRIBED && typeCode === 0x80 && start + 10 <= encoded.length) {
    return { code: Number(encoded.readBigUInt64BE(start + 2)), value: start + 10 };
  }
  throw new MalformedMessage(`no message section begins at byte ${start}`);
}

function isWide(encoded: Buffer, start: number, wide: 0xd0 | 0xd1): boolean {
  if (encoded[start] === wide) return true;
  if (encoded[start] === wide - 0x10) return false;
  throw new MalformedMessage(`a ${wide === 0xd1 ? 'map' : 'list'} is expected at byte ${start}`);
}

function endOfPlainValue(encoded: Buffer, start: number): number {
  const end = start + 1 + widthOf(encoded, start);
  if (end > encoded.length) throw new MalformedMessage(`the value at byte ${start} is cut short`);
  return end;
}

/** Bytes behind the constructor byte. */
function widthOf(encoded: Buffer, start: number): number {
  switch ((encoded[start] ?? 0) >> 4) {
    case 0x4:
      return 0;
    case 0x5:
      return 1;
    case 0x6:
      return 2;
    case 0x7:
      return 4;
    case 0x8:
      return 8;
    case 0x9:
      return 16;
    case 0xa:
    case 0xc:
    case 0xe:
      return 1 + lengthAt(encoded, start + 1, 1);
    case 0xb:
    case 0xd:
    case 0xf:
      return 4 + lengthAt(encoded, start + 1, 4);
    default:
      throw new MalformedMessage(`no value begins at byte ${start}`);
  }
}

function lengthAt(encoded: Buffer, start: number, width: 1 | 4): number {
  if (start + width > encoded.length) throw new MalformedMessage(`a length is cut short at byte ${start}`);
  return encoded.readUIntBE(start, width);
}
