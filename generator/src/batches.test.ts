import { describe, expect, it } from 'vitest';
import { makeBatches } from './batches.js';
import { makeOrders } from './orders.js';

const burst = { kind: 'burst' } as const;

describe('makeBatches', () => {
  it("fills each request of a burst up to the link's limit", () => {
    const orders = makeOrders({ count: 3000, seed: 1 });
    const batches = makeBatches({ orders, atMs: 5000, arrival: burst, maxSizeBytes: 262_144 });
    const sizes = batches.map(({ messages }) => messages.reduce((sum, { body }) => sum + (body as Buffer).length, 0));
    for (const sizeBytes of sizes) expect(sizeBytes).toBeLessThan(262_144);
    for (const sizeBytes of sizes.slice(0, -1)) expect(sizeBytes).toBeGreaterThan(0.6 * 262_144);
    expect(new Set(batches.map(batch => batch.atMs))).toEqual(new Set([5000]));
    const messages = batches.flatMap(batch => batch.messages);
    expect(messages.map(message => message.messageId)).toEqual(orders.map(order => order.messageId));
    expect(messages.every(({ body }, index) => body === orders[index]?.body)).toBe(true);
    expect(new Set(messages.map(message => message.contentType))).toEqual(new Set(['application/json']));
  });

  it('makes no request above 1 MiB, whatever the link takes', () => {
    const orders = makeOrders({ count: 5000, seed: 1 });
    const batches = makeBatches({ orders, atMs: 0, arrival: burst, maxSizeBytes: 100 * 1024 * 1024 });
    expect(batches.length).toBeGreaterThan(2);
  });

  it('gives order i of a paced arrival the time start + i / rate, never an earlier millisecond', () => {
    const orders = makeOrders({ count: 1000, seed: 1 });
    const arrival = { kind: 'constant', ratePerSecond: 300 } as const;
    const batches = makeBatches({ orders, atMs: 1_000_000, arrival, maxSizeBytes: 1_048_576 });
    const times = batches.flatMap(batch => batch.messages.map(() => batch.atMs));
    for (const [index, atMs] of times.entries()) {
      const intendedMs = 1_000_000 + (index * 1000) / 300;
      expect(atMs).toBeGreaterThanOrEqual(intendedMs);
      expect(atMs - intendedMs).toBeLessThan(1);
    }
  });

  it('puts paced orders of the same millisecond into one request', () => {
    const orders = makeOrders({ count: 1000, seed: 1 });
    const arrival = { kind: 'constant', ratePerSecond: 5000 } as const;
    expect(makeBatches({ orders, atMs: 0, arrival, maxSizeBytes: 1_048_576 })).toHaveLength(201);
  });

  it('names a message that fits in no request', () => {
    const orders = [{ messageId: 'huge', body: Buffer.alloc(1_048_576) }];
    expect(() => makeBatches({ orders, atMs: 0, arrival: burst, maxSizeBytes: 1_048_576 })).toThrow('message huge');
  });
});
