import { describe, expect, it } from 'vitest';
import type { PacedOrders } from './order-latency.js';
import { minuteEndsMs, minuteFigures, wholeMinutes } from './order-minutes.js';

const START_MS = 1_800_000_000_000;

/** Orders at a rate, each written so long after its intended time. */
function paced(ratePerSecond: number, count: number, latencyMs: (index: number) => number): PacedOrders {
  const orderIds = Array.from({ length: count }, (_, index) => `order-${index}`);
  return {
    pace: { ratePerSecond, shareOfSteadyRate: 0.7 },
    startMs: START_MS,
    orderIds,
    writtenAtMs: new Map(
      orderIds.map((id, index) => [id, START_MS + (index * 1000) / ratePerSecond + latencyMs(index)]),
    ),
  };
}

describe('the minutes of a paced run', () => {
  it('have the latencies of the orders that were due in them, not of those that were written in them', () => {
    // The last order of the first minute is written in the third one.
    const orders = paced(10, 1_200, index => (index === 599 ? 90_000 : index < 600 ? 5 : 20));
    const [first, second, ...more] = minuteFigures(orders, [{ app: 1 }, { app: 2 }]);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ minute: 1, orders: 600, p50Ms: 5, p99Ms: 5, rssBytes: { app: 1 } });
    expect((first?.maxMs ?? 0) / 90_000).toBeCloseTo(1, 2);
    expect(second).toEqual({ minute: 2, orders: 600, p50Ms: 20, p99Ms: 20, maxMs: 20, rssBytes: { app: 2 } });
  });

  it('keep what is left over as a last, short one', () => {
    const minutes = minuteFigures(
      paced(10, 1_250, () => 5),
      [{}, {}, { app: 3 }],
    );
    expect(minutes.map(({ minute, orders }) => [minute, orders])).toEqual([
      [1, 600],
      [2, 600],
      [3, 50],
    ]);
    expect(minutes[2]?.rssBytes).toEqual({ app: 3 });
  });

  it('have no memory where none was read', () => {
    expect(
      minuteFigures(
        paced(10, 1_200, () => 5),
        [],
      ).map(({ rssBytes }) => rssBytes),
    ).toEqual([{}, {}]);
  });

  it('leave out one in which no order was due', () => {
    const minutes = minuteFigures(
      paced(0.01, 3, () => 5),
      [{ app: 1 }, { app: 2 }, { app: 3 }, { app: 4 }],
    );
    expect(minutes.map(({ minute, rssBytes }) => [minute, rssBytes.app])).toEqual([
      [1, 1],
      [2, 2],
      [4, 4],
    ]);
  });

  it('are none in a run of less than two', () => {
    expect(
      minuteFigures(
        paced(10, 1_199, () => 5),
        [],
      ),
    ).toEqual([]);
    expect(minuteEndsMs({ ratePerSecond: 10, shareOfSteadyRate: null }, 1_199)).toEqual([]);
  });

  it.each([33.3, 0.1, 7.7, 44.1, 3.1])('are as many as were asked for at a rate of %s', ratePerSecond => {
    const count = Math.round(ratePerSecond * 1_200);
    expect(
      minuteFigures(
        paced(ratePerSecond, count, () => 5),
        [],
      ),
    ).toHaveLength(20);
    expect(wholeMinutes(ratePerSecond, count)).toBe(20);
  });

  it('end each after its orders’ times, and the last with the last of them, so that a drain is not outlasted', () => {
    expect(minuteEndsMs({ ratePerSecond: 10, shareOfSteadyRate: null }, 1_250)).toEqual([60_000, 120_000, 124_900]);
    expect(minuteEndsMs({ ratePerSecond: 10, shareOfSteadyRate: null }, 1_200)).toEqual([60_000, 119_900]);
  });
});
