import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newOrderId, withOrderId } from './order-id.js';

describe('a new order’s id', () => {
  it('is one that a double holds exactly, and later ones are larger', () => {
    const nowMs = Date.UTC(2038, 11, 31);
    expect(Number.isSafeInteger(newOrderId(nowMs))).toBe(true);
    expect(newOrderId(nowMs + 1)).toBeGreaterThan(newOrderId(nowMs));
    expect(new Set(Array.from({ length: 50 }, () => newOrderId(nowMs))).size).toBeGreaterThan(40);
  });

  it('is put in front, and nothing else of the text changes', () => {
    expect(withOrderId('{}', 7)).toBe('{"orderId":7}');
    expect(withOrderId(' \n{ "delivery" : "Express" }', 7)).toBe(' \n{"orderId":7, "delivery" : "Express" }');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fields => {
        const { orderId: _, ...others } = fields;
        const text = JSON.stringify(others);
        expect(JSON.parse(withOrderId(text, 7))).toEqual({ orderId: 7, ...JSON.parse(text) });
        expect(withOrderId(text, 7).endsWith(text.slice(1))).toBe(true);
      }),
    );
  });
});
