/**
 * Writes a JSON value as Go's encoding/json does: what Dapr stores when an app hands it that value as `data`.
 *
 * Object keys sorted bytewise; `<`, `>`, `&`, U+2028 and U+2029 as \u escapes; control characters as \b \f \n \r \t or
 * \u00XX; `-0` kept; numbers in the shortest form that reads back, with an exponent below 1e-6 and from 1e21 on (the
 * same bounds as ECMAScript's Number::toString). Source: package encoding/json, Marshal.
 */
export function goJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'string') return goString(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  const members = Object.entries(value as object).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${members.map(([key, member]) => `${goString(key)}:${goJson(member)}`).join(',')}}`;
}

function goString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
