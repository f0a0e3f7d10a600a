import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_ORDER_BYTES } from './limits.js';
import { parseOrder } from './parse.js';

/*
 * Mutation fuzzing: random changes to the good orders of `cases.jsonl`, not guided by what they reach in the code.
 * FUZZ_RUNS makes it longer, FUZZ_SEED another one.
 */

const fuzzing = { seed: Number(process.env.FUZZ_SEED ?? 1), numRuns: Number(process.env.FUZZ_RUNS ?? 2000) };
const corpus = readFileSync(new URL('./cases.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as { readonly order?: unknown; readonly outcome?: { readonly orderId?: number } })
  .flatMap(({ order, outcome }) => (outcome?.orderId !== undefined && typeof order === 'string' ? [order] : []));

it('takes an order as it was sent or refuses it, whatever the bytes', { timeout: 30_000 + fuzzing.numRuns }, () => {
  fc.assert(
    fc.property(mutated(), bytes => {
      const parsed = parseOrder(bytes);
      if ('refusal' in parsed) {
        expect(parsed.refusal.detail).toMatch(/^The order (is malformed: |has )/);
        return;
      }
      const { orderId, delivery, text, value } = parsed.order;
      expect(Buffer.from(text)).toEqual(Buffer.from(bytes));
      expect(value).toEqual(JSON.parse(text));
      expect(Number.isSafeInteger(orderId) && orderId >= 1).toBe(true);
      expect(['express', 'standard']).toContain(delivery.toLowerCase());
      // What Dapr writes in its place must be an order again, or it would fail at the next step for ever.
      const written = Buffer.from(asGoWrites(value));
      expect(written.length).toBeLessThanOrEqual(MAX_ORDER_BYTES);
      expect(parseOrder(written)).toMatchObject({ order: { orderId, delivery } });
    }),
    fuzzing,
  );
});

/** An order of the corpus after some changes to its text, and few to its bytes. */
function mutated(): fc.Arbitrary<Uint8Array> {
  const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const piece = fc.oneof(
    fc.constantFrom(...TOKENS),
    fc.tuple(fc.constantFrom(...corpus), at, fc.integer({ min: 1, max: 40 })).map(([text, where, length]) => {
      const start = Math.floor(where * text.length);
      return text.slice(start, start + length);
    }),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const change = fc.record({ at, removed: fc.nat(12), added: piece });
  const text = fc
    .tuple(fc.constantFrom(...corpus), fc.array(change, { maxLength: 5 }))
    .map(([start, changes]) => changes.reduce(apply, start));
  const brokenByte = fc.option(fc.tuple(at, fc.nat(255)), { freq: 8 });
  return fc.tuple(text, brokenByte).map(([changed, broken]) => {
    const bytes = Buffer.from(changed);
    if (broken) bytes[Math.floor(broken[0] * bytes.length)] = broken[1];
    return bytes;
  });
}

/** What has a meaning in JSON or in an order, or has none in one of the parsers on its way. */
const TOKENS = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', '\\"', '\\u', '\\ud800', '\\udc00', '\ufeff', '\u2028', '<&>', '\0'],
  ...['null', 'true', '-', '-0', '1e400', '1e-400', '9007199254740993', '1.0', '1E0', '0x1', 'NaN', ' ', '\n', '\t'],
  ...['"orderId":', '"delivery":', '"Express"', '"sTANDARD"', '"items":', '"__proto__":', '"constructor":', '[]', '{}'],
];

function apply(text: string, change: { at: number; removed: number; added: string }): string {
  const index = Math.floor(change.at * text.length);
  return text.slice(0, index) + change.added + text.slice(index + change.removed);
}

/** JSON with the characters escaped that Go's encoder escapes. */
function asGoWrites(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, character => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
