import { fitsDouble } from './decimal.js';
import { MAX_NESTING } from './limits.js';

/** What Dapr could not pass on as it is. */
export interface Unfaithful {
  readonly reason: string;
  /** Path of the number (`items.0.price`); absent where it is no number. */
  readonly field?: string;
}

/**
 * Says why Dapr could not pass this JSON text on as it is, or nothing. Dapr decodes and encodes an order with Go's
 * encoding/json (onOutputBindingMessage in its pkg/api/http/http.go), which reads every number into a double: it refuses
 * one beyond a double's range and writes another in place of one that no double holds. It puts U+FFFD in place of half a
 * surrogate pair, and ends at a depth of its own. Such an order is valid JSON and would yet fail, or change, each time it
 * is delivered. What has only another spelling (`1.0`, `1E2`) keeps its value, and is written as Dapr does (`1`, `100`).
 *
 * @param text valid JSON
 */
export function findUnfaithful(text: string): Unfaithful | undefined {
  return mayBeUnfaithful(text) ? scan(text) : undefined;
}

/**
 * Size in bytes of the order as Dapr writes it: without spaces, and with `<`, `>`, `&`, U+2028 and U+2029 as six-byte
 * escapes. An order below the size limit can so outgrow it on its way to the next queue.
 *
 * @param value the parsed order
 */
export function sizeAsDaprWritesBytes(value: unknown): number {
  // JavaScript writes -0 as 0; the empty string is as long as what Go writes.
  const text = JSON.stringify(value, (_, member: unknown) => (Object.is(member, -0) ? '' : member));
  let sizeBytes = new TextEncoder().encode(text).length;
  for (const { 0: character } of text.matchAll(/[<>&\u2028\u2029]/g)) sizeBytes += character < '\u2028' ? 5 : 3;
  return sizeBytes;
}

/**
 * The cheap test: most orders have no such escape, exponent or row of digits, and few brackets, and pay for no scan. A
 * double holds every number of up to 15 digits that is far from the ends of its range.
 */
function mayBeUnfaithful(text: string): boolean {
  return (
    (text.includes('\\') && SURROGATE_ESCAPE.test(text)) ||
    LONG_EXPONENT.test(text) ||
    LONG_NUMBER.test(text) ||
    mayNestTooDeep(text)
  );
}

const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/** At the end of a number, so that it finds nothing in a GUID. */
const LONG_EXPONENT = /[eE][+-]?\d{3,}\s*[,}\]]/;
const LONG_NUMBER = /[\d.]{16}/;

function mayNestTooDeep(text: string): boolean {
  if (text.length <= 2 * MAX_NESTING) return false;
  return count(text, '{') + count(text, '[') > MAX_NESTING;
}

/** Counts up to one more than the nesting limit. */
function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at !== -1 && found <= MAX_NESTING; at = text.indexOf(character, at + 1)) {
    found++;
  }
  return found;
}

const HALF_A_PAIR = /[\uD800-\uDFFF]/u;
const TOKEN = /[[\]{}:,"]|-?\d[\d.eE+-]*/g;

/** Reads the text and not the parsed value: of two equal keys the parser drops the first, and Go looks at both. */
function scan(text: string): Unfaithful | undefined {
  /** Of each array and object around the token the index or the key that it is at. */
  const path: (number | string)[] = [];
  let string = '';
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(text)?.[0]; token !== undefined; token = TOKEN.exec(text)?.[0]) {
    const at = path.length - 1;
    if (token === '"') {
      const end = endOfString(text, TOKEN.lastIndex);
      string = JSON.parse(text.slice(TOKEN.lastIndex - 1, end)) as string;
      if (HALF_A_PAIR.test(string)) return { reason: 'a string holds half of a surrogate pair' };
      TOKEN.lastIndex = end;
    } else if (token === '{' || token === '[') {
      path.push(token === '{' ? '' : 0);
      if (path.length > MAX_NESTING) return { reason: `nested deeper than ${MAX_NESTING} levels` };
    } else if (token === '}' || token === ']') {
      path.pop();
    } else if (token === ':') {
      path[at] = string;
    } else if (token === ',') {
      const index = path[at];
      if (typeof index === 'number') path[at] = index + 1;
    } else if (!fitsDouble(token)) {
      const isBeyond = !Number.isFinite(Number(token));
      const reason = isBeyond ? 'a number is beyond the range of a double' : 'a number would be rounded to a double';
      return { reason, field: path.join('.') };
    }
  }
  return undefined;
}

/** Index after the closing quote of the string whose first character is at `start`. */
function endOfString(text: string, start: number): number {
  let at = start;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
