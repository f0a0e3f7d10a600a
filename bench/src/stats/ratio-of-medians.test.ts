import { probit } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import type { Block } from './block.js';
import { blockedPermutationTest } from './blocked-permutation-test.js';
import { randomIndex } from './random-index.js';
import { independentRatioOfMedians, ratioOfMedians } from './ratio-of-medians.js';

const NEVER = Number.POSITIVE_INFINITY;

/** Comparisons of a contender that is `ratio` times slower: 10 blocks that differ by 10 %, runs of a block by 3 %. */
function simulated({ ratio, count }: { ratio: number; count: number }): Block[][] {
  const random = randomIndex(20);
  const normal = () => probit((random(1e6) + 0.5) / 1e6);
  return Array.from({ length: count }, () =>
    Array.from({ length: 10 }, () => {
      const block = 20_000 * Math.exp(0.1 * normal());
      return { a: ratio * block * Math.exp(0.03 * normal()), b: block * Math.exp(0.03 * normal()) };
    }),
  );
}

describe('the ratio of medians', () => {
  it('is the ratio of the two medians', () => {
    const blocks = [10, 30, 20].map((a, index) => ({ a, b: index + 4 }));
    expect(ratioOfMedians(blocks).ratio).toBe(20 / 5);
  });

  it('has an interval that holds the true ratio in 95 % of all comparisons', () => {
    const intervals = simulated({ ratio: 1.2, count: 2000 }).map(blocks => ratioOfMedians(blocks));
    const held = intervals.filter(({ low, high }) => low <= 1.2 && 1.2 <= high).length / intervals.length;
    expect(held).toBeGreaterThan(0.94);
    expect(held).toBeLessThan(0.98);
  });

  it('has an interval with 1 in it wherever the test does not reject', () => {
    for (const blocks of simulated({ ratio: 1.03, count: 300 })) {
      const { ratio, low, high } = ratioOfMedians(blocks);
      expect(low).toBeLessThanOrEqual(ratio);
      expect(high).toBeGreaterThanOrEqual(ratio);
      if (blockedPermutationTest(blocks) > 0.05) {
        expect(low).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThanOrEqual(1);
      }
    }
  });

  it('has no bounds with fewer than 6 blocks', () => {
    expect(ratioOfMedians([1, 2, 3, 4, 5].map(a => ({ a, b: 1 })))).toEqual({ ratio: 3, low: 0, high: NEVER });
  });

  it('has no upper bound where many runs of one never ended, and keeps the lower one', () => {
    const blocks = [NEVER, NEVER, NEVER, NEVER, 2, 2, 2, 2, 2, 2].map(a => ({ a, b: 1 }));
    expect(ratioOfMedians(blocks)).toEqual({ ratio: 2, low: 2, high: NEVER });
  });

  it('takes runs of both that never ended for what they are: no news, or none to be had', () => {
    const good = Array.from({ length: 8 }, (_, index) => ({ a: 2 + index / 100, b: 1 }));
    const both = ratioOfMedians([...good, { a: NEVER, b: NEVER }]);
    expect(both.low).toBeGreaterThan(0);
    const either = ratioOfMedians([...good, { a: NEVER, b: 1 }, { a: 1, b: NEVER }]);
    expect(either.low).toBeLessThanOrEqual(2.1);
    expect(either.high).toBeGreaterThanOrEqual(2);
  });
});

describe('the ratio of medians without blocks', () => {
  it('has an interval that holds the true ratio in 95 % of all comparisons', () => {
    const comparisons = simulated({ ratio: 0.8, count: 1000 });
    const intervals = comparisons.map((blocks, index) =>
      independentRatioOfMedians(
        blocks.map(({ a }) => a),
        // Of another comparison: runs that have no block in common.
        (comparisons.at(index - 1) ?? []).map(({ b }) => b),
      ),
    );
    const held = intervals.filter(({ low, high }) => low <= 0.8 && 0.8 <= high).length / intervals.length;
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.985);
  });

  it('has no bounds where the runs are too few', () => {
    expect(independentRatioOfMedians([2, 2, 2], [1, 1, 1])).toEqual({ ratio: 2, low: 0, high: NEVER });
  });
});
