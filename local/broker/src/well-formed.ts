import { MalformedMessage } from './errors.js';

/** Deepest nesting of lists, maps, arrays and descriptors; what the SDKs send has less than ten. */
const MAX_DEPTH = 64;

/**
 * Checks that bytes are whole AMQP values, one behind the other, before memory is taken for as many items as a list or
 * array states.
 *
 * @returns the bytes. @throws MalformedMessage
 */
export function checkValues(encoded: Buffer): Buffer {
  for (let at = 0; at < encoded.length; ) at = endOfChecked(encoded, { start: at, end: encoded.length, depth: 0 });
  return encoded;
}

interface Place {
  /** Where the constructor is. */
  readonly start: number;
  /** Where the value around it ends. */
  readonly end: number;
  readonly depth: number;
}

/** Checks the value at a place and all that is in it. @returns where it ends. */
function endOfChecked(encoded: Buffer, { start, end, depth }: Place): number {
  if (depth > MAX_DEPTH) throw new MalformedMessage(`values are nested deeper than ${MAX_DEPTH} at byte ${start}`);
  const typeCode = uintAt(encoded, { start, end, width: 1 });
  if (typeCode !== 0) return endOfContent(encoded, typeCode, { start: start + 1, end, depth });
  const value = endOfChecked(encoded, { start: start + 1, end, depth: depth + 1 });
  return endOfChecked(encoded, { start: value, end, depth: depth + 1 });
}

/** Checks what follows a constructor. @returns where it ends. */
function endOfContent(encoded: Buffer, typeCode: number, { start, end, depth }: Place): number {
  const category = typeCode >> 4;
  if (category < 0x4) throw new MalformedMessage(`no value has the type code ${typeCode} at byte ${start - 1}`);
  // The widths 0, 1, 2, 4, 8 and 16, each in a category of its own (AMQP 1.0, part 1, section 1.2).
  if (category < 0xa) return within(end, start + (category === 0x4 ? 0 : 2 ** (category - 5)));
  const width = category % 2 === 0 ? 1 : 4;
  const first = start + width;
  const contentEnd = within(end, first + uintAt(encoded, { start, end, width }));
  if (category < 0xc) return contentEnd;
  const count = uintAt(encoded, { start: first, end: contentEnd, width });
  const place = { start: first + width, end: contentEnd, depth: depth + 1 };
  return category < 0xe ? endOfItems(encoded, count, place) : endOfArray(encoded, count, place);
}

/** Each item of a list or map has a byte at least, so that no more are read than there are bytes. */
function endOfItems(encoded: Buffer, count: number, { start, end, depth }: Place): number {
  let at = start;
  for (let item = 0; item < count; item++) at = endOfChecked(encoded, { start: at, end, depth });
  return exactly(end, at);
}

function endOfArray(encoded: Buffer, count: number, { start, end, depth }: Place): number {
  let at = start;
  let typeCode = uintAt(encoded, { start: at++, end, width: 1 });
  if (typeCode === 0) {
    at = endOfChecked(encoded, { start: at, end, depth });
    typeCode = uintAt(encoded, { start: at++, end, width: 1 });
  }
  // Elements without width take no bytes: no more of them are allowed than there are bytes, and four thousand million are not.
  if (count > end - start) throw new MalformedMessage(`an array at byte ${start} states ${count} elements`);
  for (let element = 0; element < count; element++) at = endOfContent(encoded, typeCode, { start: at, end, depth });
  return exactly(end, at);
}

function uintAt(encoded: Buffer, { start, end, width }: { start: number; end: number; width: 1 | 4 }): number {
  within(end, start + width);
  return encoded.readUIntBE(start, width);
}

function within(end: number, at: number): number {
  if (at > end) throw new MalformedMessage(`a value is cut short at byte ${end}`);
  return at;
}

function exactly(end: number, at: number): number {
  if (at !== end) throw new MalformedMessage(`a value of several items ends at byte ${at} and not at ${end}`);
  return at;
}
