import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsDouble } from './decimal.js';
import { MAX_NESTING, MAX_ORDER_BYTES } from './limits.js';
import type { Order, Refusal } from './order.js';
import { parseOrder } from './parse.js';

const VALID = {
  orderId: 7,
  orderGuid: '0b6f7c1e-8d5a-4c1b-9f0e-2a3b4c5d6e7f',
  description: 'A pair of boots',
  firstName: 'Ada',
  lastName: 'Lovelace',
  delivery: 'Express',
  items: [{ orderItemId: 1, sku: 'B-42', quantity: 2 }],
};

describe('an order that fits', () => {
  it('is kept as it was sent', () => {
    const text = ' { "delivery":"eXPRESS","orderId":1.0, "zeta" : [ 1 ] } ';
    expect(order(text)).toEqual({
      orderId: 1,
      delivery: 'eXPRESS',
      text,
      value: { delivery: 'eXPRESS', orderId: 1, zeta: [1] },
    });
  });

  it('needs no more than orderId and delivery', () => {
    expect(order('{"orderId":1,"delivery":"Standard"}').orderId).toBe(1);
  });

  it('keeps __proto__ as a property of its own and not as a prototype', () => {
    const { value } = order('{"orderId":1,"delivery":"Standard","__proto__":{"delivery":"x"}}');
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(JSON.stringify(value)).toContain('"__proto__":{"delivery":"x"}');
  });

  it('may be exactly as large as the limit', () => {
    expect(order(ofSize(MAX_ORDER_BYTES)).orderId).toBe(1);
  });

  it('may have texts of 1,000 characters outside the basic plane', () => {
    expect(order(JSON.stringify({ ...VALID, description: '😀'.repeat(1_000) })).orderId).toBe(7);
  });

  it('keeps any unknown keys', () => {
    const unknown = fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter(key => !(key in VALID)),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(unknown, extra => {
        const text = `${JSON.stringify(VALID).slice(0, -1)},${JSON.stringify(extra).slice(1)}`.replace(/,}$/, '}');
        const parsed = order(text);
        expect(parsed.text).toBe(text);
        expect(JSON.stringify(parsed.value)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});

describe('an order that does not fit', () => {
  it.each([
    ['orderId', undefined, 'orderId'],
    ['orderId', '1', 'orderId'],
    ['orderId', 0, 'orderId'],
    ['orderId', 1.5, 'orderId'],
    ['orderId', 2 ** 53, 'orderId'],
    ['orderId', null, 'orderId'],
    ['delivery', undefined, 'delivery'],
    ['delivery', 'Overnight', 'delivery'],
    ['delivery', 'Express ', 'delivery'],
    ['delivery', 1, 'delivery'],
    ['orderGuid', 'not-a-guid', 'orderGuid'],
    ['description', null, 'description'],
    ['firstName', 'x'.repeat(1_001), 'firstName'],
    ['lastName', '😀'.repeat(1_001), 'lastName'],
    ['items', {}, 'items'],
    ['items', [], 'items'],
    ['items', Array(101).fill(VALID.items[0]), 'items'],
    ['items', [VALID.items[0], { ...VALID.items[0], quantity: -1 }], 'items.1.quantity'],
    ['items', [{ ...VALID.items[0], orderItemId: 0 }], 'items.0.orderItemId'],
    ['items', [{ orderItemId: 1, quantity: 1 }], 'items.0.sku'],
    ['items', [3], 'items.0'],
  ])('is refused for its %s of %j, naming %s', (key, value, field) => {
    expect(refusal(JSON.stringify({ ...VALID, [key]: value }))).toMatchObject({ kind: 'malformed', field });
  });

  it('is refused without repeating its content', () => {
    const { detail } = refusal(JSON.stringify({ ...VALID, delivery: 'secret-value' }));
    expect(detail).toBe('The order is malformed: delivery must be Express or Standard.');
  });

  it.each([
    '',
    'null',
    '[]',
    '"Express"',
    '1',
    '{"orderId":1,"delivery":"Express"',
    '\uFEFF{"orderId":1,"delivery":"Express"}',
  ])('is refused as a whole where it is no JSON object: %j', text => {
    expect(refusal(text)).toEqual({ kind: 'malformed', detail: expect.any(String) });
  });

  it('is refused for invalid UTF-8', () => {
    const bytes = Buffer.from('{"orderId":1,"delivery":"Express","name":"?"}');
    bytes[bytes.indexOf('?')] = 0xff;
    expect(parseOrder(bytes)).toEqual({
      refusal: { kind: 'malformed', detail: 'The order is malformed: not valid UTF-8.' },
    });
  });

  it('is refused over the size limit, whatever it holds', () => {
    expect(refusal(ofSize(MAX_ORDER_BYTES + 1)).kind).toBe('too-large');
    expect(parseOrder(new Uint8Array(MAX_ORDER_BYTES + 1))).toMatchObject({ refusal: { kind: 'too-large' } });
  });

  it('is refused where Dapr would make it larger than the limit', () => {
    expect(refusal(withExtra(JSON.stringify('<'.repeat(200_000)))).kind).toBe('too-large');
    expect(refusal(withExtra(`[${'1e20,'.repeat(60_000)}1]`)).kind).toBe('too-large');
    expect(order(withExtra(JSON.stringify('\u2028'.repeat(170_000)))).orderId).toBe(1);
  });

  it('is refused and never thrown at, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(parseOrder(bytes)).toHaveProperty('refusal.kind', 'malformed');
      }),
    );
  });
});

describe('valid JSON that Dapr could not pass on as it is', () => {
  it.each([
    ['a number beyond a double', '1e400', 'range of a double'],
    ['a number beyond a double in plain digits', '9'.repeat(400), 'range of a double'],
    ['a number beyond a double, behind long digits', `${'9'.repeat(250)}E99`, 'range of a double'],
    ['a number beyond a double under a key given twice', '1e400,"extra":1', 'range of a double'],
    ['a number beyond a double beside a quotation', '["\\"[", -1e999 ]', 'range of a double'],
    ['a number too small for a double', '1e-400', 'rounded'],
    ['a number with more digits than a double', '12345678901234567890', 'rounded'],
    ['a fraction with more digits than a double', '[0.5,-1234567890123456.78]', 'rounded'],
    ['half a surrogate pair', '"\\ud800"', 'surrogate'],
    ['half a surrogate pair in a key', '{"\\uDFFF":1}', 'surrogate'],
    ['surrogates in the wrong order', '"\\udc00\\ud800"', 'surrogate'],
    ['arrays nested too deeply', nested(MAX_NESTING), 'nested deeper'],
    ['objects nested too deeply', `${'{"a":'.repeat(MAX_NESTING)}1${'}'.repeat(MAX_NESTING)}`, 'nested deeper'],
    ['arrays nested as deeply as the size allows', nested(500_000), 'nested deeper'],
  ])('is refused: %s', (_, extra, reason) => {
    expect(refusal(withExtra(extra))).toMatchObject({ kind: 'malformed', detail: expect.stringContaining(reason) });
  });

  it.each([
    ['a number that is large enough', '1e308'],
    ['the smallest number that a double holds', '5e-324'],
    ['zero, however long', `-0.${'0'.repeat(400)}e-999999`],
    ['a number of 17 digits that a double holds', '0.30000000000000004'],
    ['text like a long number', '"12345678901234567890"'],
    ['text like a number beyond a double', '"1e400}"'],
    ['a whole surrogate pair', '"\\ud83d\\ude00"'],
    ['text like an escaped surrogate', '"\\\\ud800"'],
    ['nesting up to the limit', nested(MAX_NESTING - 1)],
    ['many brackets that do not nest', `[${'[],'.repeat(2_000)}[]]`],
    ['brackets in a string', `"${'['.repeat(5_000)}"`],
  ])('is not mixed up with %s', (_, extra) => {
    expect(order(withExtra(extra)).orderId).toBe(1);
  });
});

it('a number that Dapr would alter is named by its path, which is in no log', () => {
  expect(refusal(withExtra('{"a":[{},[1,2],{"b c":[[1e-400]]}],"z":1}'))).toEqual({
    kind: 'malformed',
    detail: 'The order is malformed: a number would be rounded to a double, which Dapr cannot pass on as it is.',
    field: 'extra.a.2.b c.0.0',
  });
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
      const { order } = parse(withExtra(`[${numbers.join(' , ')}]`));
      expect(order !== undefined).toBe(numbers.every(fitsDouble));
    }),
    { numRuns: 3_000 },
  );
});

it('the size as Dapr writes it counts the sign of -0', () => {
  const text = withExtra(`[${'-0,'.repeat(349_400)}"${'<'.repeat(70)}"]`);
  expect(text.length).toBeLessThan(MAX_ORDER_BYTES);
  expect(refusal(text).kind).toBe('too-large');
});

function parse(text: string): { readonly order?: Order; readonly refusal?: Refusal } {
  return parseOrder(new TextEncoder().encode(text));
}

function order(text: string): Order {
  const { order, refusal } = parse(text);
  if (!order) throw new Error(`Refused: ${JSON.stringify(refusal)}`);
  return order;
}

function refusal(text: string): Refusal {
  const { refusal } = parse(text);
  if (!refusal) throw new Error('Taken for a good order.');
  return refusal;
}

function withExtra(json: string): string {
  return `{"orderId":1,"delivery":"Standard","extra":${json}}`;
}

function ofSize(sizeBytes: number): string {
  return withExtra(`"${'x'.repeat(sizeBytes - withExtra('""').length)}"`);
}

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}
