import { describe, expect, it } from 'vitest';
import { drainCurve, drainFigures } from './drain-figures.js';

describe('the figures of a drain', () => {
  const start = 1_000_000;
  // Order i is written 10 ms after order i - 1; given in reverse, for the order of the records says nothing.
  const steady = Array.from({ length: 1_000 }, (_, i) => start + 500 + 10 * (i + 1)).reverse();

  it('are the times at which a share of the orders was written', () => {
    expect(drainFigures(steady, start)).toEqual({
      t50Ms: 5_500,
      t95Ms: 10_000,
      t99Ms: 10_400,
      t100Ms: 10_500,
      steadyOrdersPerSecond: 100,
      ordersPerSecond: 95.2,
      lateOverEarlyRate: 1,
    });
  });

  it('tell a contender that was still getting faster', () => {
    // A tenth of the orders in each step; each step takes less time than the one before.
    const stepsMs = [20, 18, 16, 14, 12, 11, 10, 9, 8, 8];
    let atMs = start;
    const warming = stepsMs.flatMap(stepMs => Array.from({ length: 100 }, () => (atMs += stepMs)));
    expect(drainFigures(warming, start).lateOverEarlyRate).toBe(2);
    expect(drainFigures(warming.slice(0, 400), start).lateOverEarlyRate).toBeNull();
  });

  it('keep a straggler out of the steady rate', () => {
    const late = [start + 60_000, ...steady.slice(1)];
    expect(drainFigures(late, start).steadyOrdersPerSecond).toBe(100);
    expect(drainFigures(late, start).t100Ms).toBe(60_000);
  });

  it('exist for a single order', () => {
    expect(drainFigures([start + 7], start)).toMatchObject({ t50Ms: 7, t100Ms: 7, steadyOrdersPerSecond: 0 });
  });

  it('come with a curve of at most 200 points that ends with the last order', () => {
    const curve = drainCurve(steady, start);
    expect(curve).toHaveLength(200);
    expect(curve[0]).toEqual([550, 5]);
    expect(curve.at(-1)).toEqual([10_500, 1_000]);
    expect(drainCurve(steady.slice(0, 3), start)).toHaveLength(3);
    expect(drainCurve([], start)).toEqual([]);
  });
});
