import { parseOrder } from '@order-bench/orders';
import { describe, expect, it } from 'vitest';
import { makeHostileOrders } from './hostile-orders.js';

describe('makeHostileOrders', () => {
  const orders = makeHostileOrders({ count: 10, seed: 1, firstOrderId: 2001 });

  it('makes orders that the apps take, numbered from the id it is given', () => {
    for (const [index, { orderId, messageId, delivery, body }] of orders.entries()) {
      expect(orderId).toBe(2001 + index);
      expect(messageId).toBe(String(orderId));
      expect(parseOrder(body)).toMatchObject({ order: { orderId, delivery } });
    }
  });

  it('has what careless code trips over', () => {
    const texts = orders.map(order => order.body.toString());
    const parsed = texts.map(text => JSON.parse(text) as object);
    expect(parsed.some(order => Object.hasOwn(order, '__proto__'))).toBe(true);
    for (const trap of ['</script>', '&amp;', '\u2028', '\\u2028', '注文', '🧾']) {
      expect(texts.some(text => text.includes(trap))).toBe(true);
    }
    expect(Math.max(...orders.map(order => order.body.length))).toBeGreaterThan(300 * 1024);
  });

  it('gives the same bytes for the same seed', () => {
    const again = makeHostileOrders({ count: 10, seed: 1, firstOrderId: 2001 });
    expect(again.map(order => order.body.toString())).toEqual(orders.map(order => order.body.toString()));
  });
});
