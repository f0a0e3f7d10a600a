import type { MessageTrace } from '@order-bench/rig';
import { describe, expect, it } from 'vitest';
import type { DaprdCalls } from './daprd-metrics.js';
import { hopFigures, splitRole } from './hops.js';

const START_MS = 1_800_000_000_000;
const IDS = Array.from({ length: 100 }, (_, index) => String(index + 1));

/**
 * 100 orders, the i-th delivered 10 * i ms after the start: 20 ms to the next queue, where it waits 5 ms, 12 ms to its
 * blob; each message is settled 6 ms after its order has moved on.
 */
function records(names: { delivery: (id: string) => string } = { delivery: id => id }) {
  const ingress: MessageTrace[] = [];
  const delivery: MessageTrace[] = [];
  const writtenAtMs = new Map<string, number>();
  for (const [index, id] of IDS.entries()) {
    const deliveredAtMs = START_MS + 10 * (index + 1);
    const common = { state: 'settled', deliveryCount: 1, outcome: 'completed' };
    ingress.push({
      ...{ ...common, messageId: id, enqueuedAtMs: START_MS + 2, scheduledAtMs: START_MS },
      ...{ firstDeliveredAtMs: deliveredAtMs, settledAtMs: deliveredAtMs + 26 },
    });
    delivery.push({
      ...{ ...common, messageId: names.delivery(id), enqueuedAtMs: deliveredAtMs + 20 },
      ...{ firstDeliveredAtMs: deliveredAtMs + 25, settledAtMs: deliveredAtMs + 43 },
    });
    writtenAtMs.set(id, deliveredAtMs + 37);
  }
  // In the order of settling, which is not that of sending.
  return { ingress, delivery: delivery.reverse(), writtenAtMs };
}

/** Every call takes this long. */
function calls(ms: { app: number; api: number; output: number }): DaprdCalls {
  const all = (each: number) => ({ count: IDS.length, sumMs: IDS.length * each });
  return { app: all(ms.app), api: all(ms.api), output: all(ms.output) };
}

const DISTRIBUTOR = calls({ app: 22, api: 10, output: 8 });
const RECEIVER = calls({ app: 16, api: 9, output: 6 });

describe('hops', () => {
  const hops = hopFigures({ ...records(), distributor: DISTRIBUTOR, receiver: RECEIVER });
  const hop = (id: string) => hops.find(found => found.id === id);

  it('add up to the mean time from the scheduled enqueue time to the write', () => {
    const { writtenAtMs } = records();
    const mean = [...writtenAtMs.values()].reduce((sum, timeMs) => sum + timeMs - START_MS, 0) / writtenAtMs.size;
    const sum = hops.reduce((total, { meanMs }) => total + meanMs, 0);
    // Ten hops, each rounded to a hundredth of a millisecond.
    expect(Math.abs(sum - mean)).toBeLessThan(0.05);
  });

  it('tell each order’s wait in a queue from when it was due', () => {
    expect(hop('ingress-queue')).toMatchObject({ source: 'broker', orders: 100, meanMs: 505, p50Ms: 500, p99Ms: 990 });
    expect(hop('delivery-queue')).toMatchObject({ meanMs: 5, p50Ms: 5, p99Ms: 5, handlerMs: null });
  });

  it('tell what a handler was held for in each part of a role', () => {
    const handlers = ['distributor-dapr-in', 'distributor-app', 'distributor-dapr-out', 'delivery-send'].map(
      id => hop(id)?.handlerMs,
    );
    expect(handlers).toEqual([4, 12, 2, 8]);
  });

  it('stand in the order in which an order meets them', () => {
    expect(hops.map(({ id }) => id)).toEqual([
      ...['ingress-queue', 'distributor-dapr-in', 'distributor-app', 'distributor-dapr-out', 'delivery-send'],
      ...['delivery-queue', 'receiver-dapr-in', 'receiver-app', 'receiver-dapr-out', 'blob-write'],
    ]);
  });

  it('are the same for a contender that gives its messages no names', () => {
    const nameless = records({ delivery: () => '' });
    expect(hopFigures({ ...nameless, distributor: DISTRIBUTOR, receiver: RECEIVER })).toEqual(hops);
  });

  it('leave a second message of an order out', () => {
    const { delivery, ...rest } = records();
    const twice = { ...(delivery.at(-1) as MessageTrace) };
    const late = { ...twice, enqueuedAtMs: twice.enqueuedAtMs + 9000, firstDeliveredAtMs: twice.enqueuedAtMs + 9100 };
    const hopsWithBoth = hopFigures({
      ...{ ...rest, delivery: [...delivery, late] },
      ...{ distributor: DISTRIBUTOR, receiver: RECEIVER },
    });
    expect(hopsWithBoth).toEqual(hops);
  });

  it('are none where records are missing, or where nameless messages are more than orders', () => {
    const { ingress, delivery, writtenAtMs } = records();
    const daprds = { distributor: DISTRIBUTOR, receiver: RECEIVER };
    expect(hopFigures({ ingress: ingress.slice(1), delivery, writtenAtMs, ...daprds })).toEqual([]);
    const nameless = records({ delivery: () => '' }).delivery;
    const more = [...nameless, nameless[0] as MessageTrace];
    expect(hopFigures({ ingress, delivery: more, writtenAtMs, ...daprds })).toEqual([]);
    expect(hopFigures({ ingress: [], delivery: [], writtenAtMs: new Map(), ...daprds })).toEqual([]);
  });

  it('are none where a daprd’s metrics have other names', () => {
    const nothing = { count: 0, sumMs: 0 };
    const unknown = { app: nothing, api: nothing, output: nothing };
    expect(hopFigures({ ...records(), distributor: DISTRIBUTOR, receiver: unknown })).toEqual([]);
  });
});

describe('the parts of a role', () => {
  it('share out what comes after the order moved on', () => {
    // Around the 8 ms of output lie 4 + 12 + 2 ms, of which 20 - 8 ms were before the order moved on: two thirds.
    const parts = splitRole({ orders: 100, pathMs: 20, handlerMs: 26, calls: DISTRIBUTOR });
    expect(parts.daprIn.meanMs).toBeCloseTo(4 * (2 / 3));
    expect(parts.app.meanMs).toBeCloseTo(12 * (2 / 3));
    expect(parts.daprOut.meanMs).toBeCloseTo(2 * (2 / 3));
    expect(parts.output.meanMs).toBeCloseTo(8);
  });

  it('are never negative and still add up where daprd’s times say more than there was', () => {
    const rough = calls({ app: 0.5, api: 1.5, output: 1.5 });
    const { daprIn, app, daprOut, output } = splitRole({ orders: 100, pathMs: 1, handlerMs: 1.2, calls: rough });
    const means = [daprIn, app, daprOut, output].map(({ meanMs }) => meanMs);
    expect(Math.min(...means)).toBeGreaterThanOrEqual(0);
    expect(means.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(1);
  });

  it('count a role’s tries together, by order', () => {
    const tried = {
      app: { count: 200, sumMs: 2000 },
      api: { count: 100, sumMs: 500 },
      output: { count: 100, sumMs: 400 },
    };
    const { app } = splitRole({ orders: 100, pathMs: 30, handlerMs: 40, calls: tried });
    expect(app.handlerMs).toBeCloseTo(20 - 5);
  });
});
