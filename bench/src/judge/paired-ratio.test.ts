import { probit } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import type { Block } from './blocked-permutation-test.js';
import { blockedPermutationTest } from './blocked-permutation-test.js';
import { inverse, pairedRatio, pairedShift, walshAverageAt } from './paired-ratio.js';
import { randomIndex } from './random-index.js';

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

describe('the paired ratio', () => {
  it('is the median of the geometric means of all pairs of ratios', () => {
    // Ratios 1, 4 and 16; with their pairs 1, 2, 4, 4, 8, 16.
    const blocks = [10, 80, 160].map((a, index) => ({ a, b: [10, 20, 10][index] ?? 0 }));
    expect(pairedRatio(blocks).ratio).toBeCloseTo(4, 12);
  });

  it('takes no notice of what differs between blocks', () => {
    const ratios = [1.1, 1.3, 1.2, 1.25, 1.15, 1.22];
    const calm = pairedRatio(ratios.map(a => ({ a, b: 1 })));
    const drifting = pairedRatio(ratios.map((a, index) => ({ a: a * 2 ** index, b: 2 ** index })));
    expect(drifting.ratio).toBeCloseTo(calm.ratio, 12);
    expect(drifting.low).toBeCloseTo(calm.low, 12);
    expect(drifting.high).toBeCloseTo(calm.high, 12);
  });

  it('is of b against a the inverse, bounds and all', () => {
    for (const blocks of simulated({ ratio: 1.1, count: 50 })) {
      const back = inverse(pairedRatio(blocks.map(({ a, b }) => ({ a: b, b: a }))));
      const { ratio, low, high } = pairedRatio(blocks);
      expect([back.ratio, back.low, back.high].map(value => value.toFixed(9))).toEqual(
        [ratio, low, high].map(value => value.toFixed(9)),
      );
    }
  });

  it('has an interval that holds the true ratio in 95 % of all comparisons', () => {
    const intervals = simulated({ ratio: 1.2, count: 2000 }).map(blocks => pairedRatio(blocks));
    const held = intervals.filter(({ low, high }) => low <= 1.2 && 1.2 <= high).length / intervals.length;
    expect(held).toBeGreaterThan(0.94);
    expect(held).toBeLessThan(0.98);
  });

  it('has an interval with 1 in it wherever the test does not reject', () => {
    for (const blocks of simulated({ ratio: 1.03, count: 300 })) {
      const { ratio, low, high } = pairedRatio(blocks);
      expect(low).toBeLessThanOrEqual(ratio);
      expect(high).toBeGreaterThanOrEqual(ratio);
      if (blockedPermutationTest(blocks) > 0.05) {
        expect(low).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThanOrEqual(1);
      }
    }
  });

  it('has no bounds with fewer than 6 blocks', () => {
    expect(pairedRatio([1, 2, 3, 4, 5].map(a => ({ a, b: 1 })))).toMatchObject({ low: 0, high: NEVER });
    expect(pairedRatio([1, 4, 16].map(a => ({ a, b: 1 }))).ratio).toBeCloseTo(4, 12);
  });

  it('loses no more than its upper bound to one run of ten that never ended', () => {
    const { ratio, low, high } = pairedRatio([NEVER, 2.1, 1.9, 2, 2, 2, 2, 2, 2, 2].map(a => ({ a, b: 1 })));
    expect(ratio).toBeCloseTo(2, 12);
    expect(low).toBeGreaterThan(1.9);
    expect(high).toBe(NEVER);
  });

  it('never ends where more than 29 % of the runs never did, and keeps its lower bound', () => {
    const of = (ended: number) =>
      pairedRatio(Array.from({ length: 10 }, (_, index) => ({ a: index < ended ? 2 : NEVER, b: 1 })));
    expect(of(8)).toMatchObject({ high: NEVER });
    expect(of(8).ratio).toBeCloseTo(2, 12);
    expect(of(6)).toMatchObject({ ratio: NEVER, high: NEVER });
    expect(of(6).low).toBeCloseTo(2, 12);
  });

  it('is 1 where all that is known is a run on each side that never ended', () => {
    expect(
      pairedRatio([
        { a: NEVER, b: 1 },
        { a: 1, b: NEVER },
      ]),
    ).toEqual({ ratio: 1, low: 0, high: NEVER });
  });

  it('takes runs of both that never ended for what they are: no news, or none to be had', () => {
    const good = Array.from({ length: 8 }, (_, index) => ({ a: 2 + index / 100, b: 1 }));
    const both = pairedRatio([...good, { a: NEVER, b: NEVER }]);
    expect(both.low).toBeGreaterThan(0);
    const either = pairedRatio([...good, { a: NEVER, b: 1 }, { a: 1, b: NEVER }]);
    expect(either.low).toBeLessThanOrEqual(2.1);
    expect(either.high).toBeGreaterThanOrEqual(2);
  });
});

describe('the paired shift', () => {
  const BLOCKS = [12, 15, 11, 18, 13, 14].map((a, index) => ({ a, b: 10 + index / 10 }));

  it('is what one has more than the other, whatever both have', () => {
    const { shift, low, high } = pairedShift(BLOCKS);
    const more = pairedShift(BLOCKS.map(({ a, b }) => ({ a: a + 100, b: b + 100 })));
    expect(more.shift).toBeCloseTo(shift, 9);
    expect(low).toBeCloseTo(0.8, 9);
    expect(high).toBeCloseTo(7.7, 9);
    expect(low).toBeLessThan(shift);
    expect(shift).toBeLessThan(high);
  });

  it('has no bounds where the blocks are too few for them', () => {
    expect(pairedShift(BLOCKS.slice(0, 5))).toMatchObject({ low: -NEVER, high: NEVER });
    expect(pairedShift(BLOCKS, 0.98)).toMatchObject({ low: -NEVER, high: NEVER });
  });
});

it('finds one Walsh average as sorting all of them does', () => {
  const random = randomIndex(7);
  for (let blocks = 1; blocks <= 15; blocks++) {
    const differences = Array.from({ length: blocks }, () => random(20) - 10);
    const all = differences
      .flatMap((x, index) => differences.slice(index).map(y => (x + y) / 2))
      .toSorted((a, b) => a - b);
    expect(all.map((_, index) => walshAverageAt(differences, index))).toEqual(all);
  }
});
