import { decimalOf, fitsDouble } from '@order-bench/orders';

/**
 * Writes a JSON text as Go's encoding/json does: what Dapr stores when an app hands it that text as `data`.
 *
 * Object keys sorted bytewise; `<`, `>`, `&`, U+2028 and U+2029 as \u escapes; control characters as \b \f \n \r \t or
 * \u00XX; `-0` kept; numbers in the shortest form that reads back, with an exponent below 1e-6 and from 1e21 on (the
 * same bounds as ECMAScript's Number::toString). Source: package encoding/json, Marshal.
 *
 * A number that no double holds, which Go would alter, stays what it is: as its digits and a power of ten, which Go
 * never writes, and equal for equal numbers.
 *
 * @throws SyntaxError where it is no JSON
 */
export function goJson(json: string): string {
  JSON.parse(json);
  return write(JSON.parse(json.replace(STRING_OR_NUMBER, marked)));
}

/** JSON's strings, so that no number is found in one, and its numbers. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** Strings and numbers told apart by their first character: JSON.parse would round a number before it could be looked at. */
function marked(token: string): string {
  return token.startsWith('"') ? `"${STRING}${token.slice(1)}` : `"${NUMBER}${token}"`;
}

const STRING = 's';
const NUMBER = 'n';

function write(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.startsWith(NUMBER) ? goNumber(value.slice(1)) : goString(value.slice(1));
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const members = Object.entries(value as object).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${members.map(([key, member]) => `${goString(key.slice(1))}:${write(member)}`).join(',')}}`;
}

function goNumber(text: string): string {
  if (!fitsDouble(text)) return decimalOf(text);
  const double = Number(text);
  return Object.is(double, -0) ? '-0' : String(double);
}

function goString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
