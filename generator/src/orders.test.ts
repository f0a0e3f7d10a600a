import { createHash } from 'node:crypto';
import { parseOrder } from '@order-bench/orders';
import { describe, expect, it } from 'vitest';
import { makeOrders } from './orders.js';

const bytesOf = (orders: readonly { body: Buffer }[]) => Buffer.concat(orders.map(order => order.body));

describe('makeOrders', () => {
  it('gives the same bytes for the same seed, and others for another', () => {
    const first = bytesOf(makeOrders({ count: 200, seed: 7 }));
    expect(first.equals(bytesOf(makeOrders({ count: 200, seed: 7 })))).toBe(true);
    expect(first.equals(bytesOf(makeOrders({ count: 200, seed: 8 })))).toBe(false);
  });

  it('still gives the bytes it gave before', () => {
    // When this fails on purpose (a new faker), raise GENERATOR_VERSION too: stored datasets are then made anew.
    const digest = createHash('sha256')
      .update(bytesOf(makeOrders({ count: 100, seed: 1 })))
      .digest('hex');
    expect(digest).toMatchInlineSnapshot(`"4321e6414ead044fe0736df4d31594721c3392f826e05a13f9c1dedd2c740bb0"`);
  });

  it('makes orders that the apps take, numbered from 1', () => {
    const orders = makeOrders({ count: 500, seed: 3 });
    for (const [index, { orderId, messageId, delivery, body }] of orders.entries()) {
      expect(orderId).toBe(index + 1);
      expect(messageId).toBe(String(orderId));
      expect(parseOrder(body)).toMatchObject({ order: { orderId, delivery } });
    }
  });

  it.each([300, 512, 1024, 4096, 6000])('makes orders of %i bytes that the apps take', payloadBytes => {
    const orders = makeOrders({ count: 300, seed: 3, payloadBytes });
    for (const { orderId, delivery, body } of orders) {
      expect(body.length).toBe(payloadBytes);
      expect(parseOrder(body)).toMatchObject({ order: { orderId, delivery } });
    }
  });

  it.each([299, 6001, 1000.5])('refuses a size that orders can’t have: %d', payloadBytes => {
    expect(() => makeOrders({ count: 1, seed: 3, payloadBytes })).toThrow('from 300 to 6000');
  });

  it('makes orders with every field of the design, in 400 to 600 bytes on average', () => {
    const orders = makeOrders({ count: 1000, seed: 5 });
    const meanBytes = bytesOf(orders).length / orders.length;
    expect(meanBytes).toBeGreaterThan(400);
    expect(meanBytes).toBeLessThan(600);
    const order = JSON.parse(orders[0]?.body.toString() ?? '') as { items: unknown[] };
    expect(Object.keys(order)).toEqual([
      ...['orderId', 'orderGuid', 'description', 'firstName', 'lastName', 'delivery', 'items'],
    ]);
    expect(order.items[0]).toEqual({
      orderItemId: 1,
      sku: expect.stringMatching(/^[A-Z]{3}-\d{5}$/),
      quantity: expect.any(Number),
    });
  });

  it.each([
    { count: 1000, expressShare: 0.5, express: 500 },
    { count: 7, expressShare: 0.5, express: 4 },
    { count: 100, expressShare: 0, express: 0 },
    { count: 100, expressShare: 1, express: 100 },
    { count: 999, expressShare: 0.123, express: 123 },
  ])('makes $express of $count Express at a share of $expressShare', ({ count, expressShare, express }) => {
    const orders = makeOrders({ count, seed: 11, expressShare });
    expect(orders.filter(order => order.delivery === 'Express')).toHaveLength(express);
  });

  it('spreads the Express orders over the dataset', () => {
    const orders = makeOrders({ count: 1000, seed: 2, expressShare: 0.3 });
    for (let start = 0; start < 1000; start += 200) {
      const express = orders.slice(start, start + 200).filter(order => order.delivery === 'Express').length;
      expect(express).toBeGreaterThan(35);
      expect(express).toBeLessThan(85);
    }
  });

  it.each([
    { count: 0, seed: 1 },
    { count: 1.5, seed: 1 },
    { count: 1, seed: -1 },
    { count: 1, seed: 2 ** 32 },
    { count: 1, seed: 1, expressShare: 1.1 },
    { count: 1, seed: 1, expressShare: Number.NaN },
  ])('refuses %j', options => {
    expect(() => makeOrders(options)).toThrow(RangeError);
  });
});
