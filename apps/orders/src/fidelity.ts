import { MAX_NESTING } from './limits.js';

/**
 * Says why Dapr could not pass this JSON text on as it is, or nothing. Dapr decodes and encodes an order with Go's
 * encoding/json, which refuses a number beyond a double's range, puts U+FFFD in place of half a surrogate pair, and
 * ends at a depth of its own. Such an order is valid JSON and would yet fail, or change, each time it is delivered.
 *
 * @param text valid JSON
 */
export function findUnfaithful(text: string): string | undefined {
  return mayBeUnfaithful(text) ? scan(text) : undefined;
}

/**
 * Size in bytes of the order as Dapr writes it: without spaces, and with `<`, `>`, `&`, U+2028 and U+2029 as six-byte
 * escapes. An order below the size limit can so outgrow it on its way to the next queue.
 *
 * @param value the parsed order
 */
export function sizeAsDaprWritesBytes(value: unknown): number {
  const text = JSON.stringify(value);
  let sizeBytes = new TextEncoder().encode(text).length;
  for (const { 0: character } of text.matchAll(/[<>&\u2028\u2029]/g)) sizeBytes += character < '\u2028' ? 5 : 3;
  return sizeBytes;
}

/** The cheap test: most orders have no such escape, exponent or row of digits, and few brackets, and pay for no scan. */
function mayBeUnfaithful(text: string): boolean {
  return (
    (text.includes('\\') && SURROGATE_ESCAPE.test(text)) ||
    LONG_EXPONENT.test(text) ||
    mayHaveLongNumber(text) ||
    mayNestTooDeep(text)
  );
}

const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/** At the end of a number, so that it finds nothing in a GUID. */
const LONG_EXPONENT = /[eE]\+?\d{3,}\s*[,}\]]/;

/**
 * Without a long exponent a number needs more than 200 digits in a row to leave a double's range, and among those are
 * two that stand a hundred apart at places looked at here.
 */
function mayHaveLongNumber(text: string): boolean {
  for (let at = 100; at < text.length; at += 100) if (isDigit(text, at - 100) && isDigit(text, at)) return true;
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

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
const TOKEN = /[[\]{}]|"|-?\d[\d.eE+-]*/g;

/** Reads the text and not the parsed value: of two equal keys the parser drops the first, and Go looks at both. */
function scan(text: string): string | undefined {
  let depth = 0;
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(text)?.[0]; token !== undefined; token = TOKEN.exec(text)?.[0]) {
    if (token === '"') {
      const end = endOfString(text, TOKEN.lastIndex);
      if (HALF_A_PAIR.test(JSON.parse(text.slice(TOKEN.lastIndex - 1, end)) as string)) {
        return 'a string holds half of a surrogate pair';
      }
      TOKEN.lastIndex = end;
    } else if (token === '{' || token === '[') {
      depth++;
      if (depth > MAX_NESTING) return `nested deeper than ${MAX_NESTING} levels`;
    } else if (token === '}' || token === ']') {
      depth--;
    } else if (!Number.isFinite(Number(token))) {
      return 'a number is beyond the range of a double';
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
