import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitsDouble } from './decimal.js';
import type { Order, Refusal } from './order.js';
import { parseOrder } from './parse.js';

/* What holds of every order; single ones, with what comes of each, stand in `cases.jsonl`. */

const VALID = '{"orderId":7,"delivery":"Express","items":[{"orderItemId":1,"sku":"B-42","quantity":2}]}';

it('an order is kept as it was sent', () => {
  const text = ' { "delivery":"eXPRESS","orderId":1.0, "zeta" : [ 1 ] } ';
  const value = { delivery: 'eXPRESS', orderId: 1, zeta: [1] };
  expect(parse(text).order).toEqual({ orderId: 1, delivery: 'eXPRESS', text, value });
});

it('__proto__ is kept as a property of its own and not as a prototype', () => {
  const { order } = parse('{"orderId":1,"delivery":"Standard","__proto__":{"delivery":"x"}}');
  expect(Object.hasOwn(order?.value ?? {}, '__proto__')).toBe(true);
  expect(Object.getPrototypeOf(order?.value)).toBe(Object.prototype);
  expect(JSON.stringify(order?.value)).toContain('"__proto__":{"delivery":"x"}');
});

it('unknown keys are kept, whatever they are', () => {
  const unknown = fc.dictionary(
    fc.string({ unit: 'grapheme' }).filter(key => !(key in JSON.parse(VALID))),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(unknown, extra => {
      const text = `${VALID.slice(0, -1)},${JSON.stringify(extra).slice(1)}`.replace(/,}$/, '}');
      const { order } = parse(text);
      expect(order?.text).toBe(text);
      expect(JSON.stringify(order?.value)).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

it('an order is refused and never thrown at, for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      expect(parseOrder(bytes)).toHaveProperty('refusal.kind', 'malformed');
    }),
  );
});

it('an order is taken exactly where a double holds each of its numbers', () => {
  const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${max}}$`));
  const exponent = fc.oneof(
    fc.constant(''),
    fc.integer({ min: -420, max: 420 }).map(e => `e${e}`),
  );
  const sign = fc.constantFrom('', '-');
  const number = fc.tuple(sign, fc.constantFrom('0', '1', '7', '9'), digits(24), digits(24), exponent).map(parts => {
    const [minus, first, whole, fraction, power] = parts;
    return `${minus}${first === '0' ? first : first + whole}${fraction === '' ? '' : `.${fraction}`}${power}`;
  });
  fc.assert(
    fc.property(fc.array(number, { maxLength: 3 }), numbers => {
      const { order } = parse(`{"orderId":1,"delivery":"Standard","extra":[${numbers.join(' , ')}]}`);
      expect(order !== undefined).toBe(numbers.every(fitsDouble));
    }),
    { numRuns: 3_000 },
  );
});

function parse(text: string): { readonly order?: Order; readonly refusal?: Refusal } {
  return parseOrder(new TextEncoder().encode(text));
}
