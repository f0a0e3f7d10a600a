import { describe, expect, it } from 'vitest';
import { blockedPermutationTest, criticalRankSum, leastBlocks, smallestPValue } from './blocked-permutation-test.js';

const blocks = (...ratios: number[]) => ratios.map(a => ({ a, b: 1 }));

describe('the blocked permutation test', () => {
  it.each([
    ['all of 3 blocks on one side: 2 of 8 swaps', blocks(2, 3, 4), 2 / 8],
    ['the smallest of 4 on the other side: 4 of 16', blocks(0.9, 2, 3, 4), 4 / 16],
    ['two equal differences on one side: 2 of 4', blocks(2, 2), 2 / 4],
    ['two equal differences on either side: all', blocks(2, 0.5), 1],
    ['a block of equal values says nothing: 2 of 8', blocks(2, 3, 1, 4), 2 / 8],
    ['all equal: 1', blocks(1, 1), 1],
    ['a run that never ended is the largest: 4 of 16', blocks(0.9, 2, 3, Number.POSITIVE_INFINITY), 4 / 16],
    ['10 blocks on one side: 2 of 1,024', blocks(2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 2 / 1024],
  ])('gives the p value that can be counted by hand: %s', (_, given, pValue) => {
    expect(blockedPermutationTest(given)).toBeCloseTo(pValue, 12);
  });

  it('says the same of b against a', () => {
    const there = [3, 1.2, 0.8, 0.5, 7, 1.1];
    expect(blockedPermutationTest(blocks(...there))).toBeCloseTo(
      blockedPermutationTest(there.map(b => ({ a: 1, b }))),
      12,
    );
  });

  it('counts two runs that never ended in one block as equal', () => {
    const never = { a: Number.POSITIVE_INFINITY, b: Number.POSITIVE_INFINITY };
    expect(blockedPermutationTest([never, ...blocks(2, 3, 4)])).toBeCloseTo(2 / 8, 12);
  });

  it('can not go below 2 / 2^n', () => {
    expect(smallestPValue(10)).toBe(2 / 1024);
    expect(smallestPValue(0)).toBe(1);
    expect([0.05, 0.05 / 10, 0.05 / 60].map(leastBlocks)).toEqual([6, 9, 12]);
  });
});

// Published table of critical values of the signed-rank sum, two-sided.
it.each([
  [5, 0.05, -1],
  [6, 0.05, 0],
  [7, 0.05, 2],
  [8, 0.05, 3],
  [9, 0.05, 5],
  [10, 0.05, 8],
  [15, 0.05, 25],
  [20, 0.05, 52],
  [8, 0.01, 0],
  [10, 0.01, 3],
  [15, 0.01, 15],
  [20, 0.01, 37],
])('has the published critical value: %i blocks at %d', (n, alpha, rankSum) => {
  const found = criticalRankSum(n, alpha);
  expect(found.rankSum).toBe(rankSum);
  expect(found.level).toBeLessThanOrEqual(alpha);
});
