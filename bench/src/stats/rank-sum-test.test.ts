import { expect, it } from 'vitest';
import { criticalPairs, rankSumTest } from './rank-sum-test.js';

it.each([
  ['3 below 3: 2 of 20', [1, 2, 3], [4, 5, 6], 2 / 20],
  ['one pair out of order: 4 of 20', [1, 2, 4], [3, 5, 6], 4 / 20],
  ['ties that tell nothing: all', [1, 1], [1, 2], 1],
  ['a run that never ended is the largest: 2 of 6', [1, 2], [3, Number.POSITIVE_INFINITY], 2 / 6],
])('gives the p value that can be counted by hand: %s', (_, a, b, pValue) => {
  expect(rankSumTest(a, b)).toBeCloseTo(pValue, 12);
  expect(rankSumTest(b, a)).toBeCloseTo(pValue, 12);
});

// Published table of critical values of the Mann-Whitney U, two-sided.
it.each([
  [3, 4, 0.05, -1],
  [4, 4, 0.05, 0],
  [5, 5, 0.05, 2],
  [8, 8, 0.05, 13],
  [10, 10, 0.05, 23],
  [6, 9, 0.05, 10],
  [20, 20, 0.05, 127],
  [10, 10, 0.01, 16],
])('has the published critical value: %i and %i runs at %d', (countA, countB, alpha, pairs) => {
  expect(criticalPairs(countA, countB, alpha)).toBe(pairs);
});
