import { expect, it } from 'vitest';
import { rankCorrelation } from './rank-correlation.js';

const ONE = expect.closeTo(1, 9);

it('is 1 where one figure rises with the other, and decided from five pairs on', () => {
  const five = [1, 2, 3, 4, 5].map(n => [n, n * n] as const);
  expect(rankCorrelation(five)).toEqual({ correlation: ONE, pValue: 2 / 120, smallestDecided: ONE });
  expect(rankCorrelation(five.slice(1))).toEqual({ correlation: ONE, pValue: 2 / 24, smallestDecided: null });
});

it('is not decided where the order says little', () => {
  const { correlation, pValue, smallestDecided } = rankCorrelation([
    [1, 2],
    [2, 1],
    [3, 4],
    [4, 3],
    [5, 6],
    [6, 5],
  ]);
  expect(correlation).toBeCloseTo(0.829, 3);
  expect(pValue).toBeCloseTo(0.058, 3);
  expect(smallestDecided).toBeCloseTo(0.886, 3);
});

it.each([1, 9])('refuses %i pairs', count => {
  expect(() => rankCorrelation(Array.from({ length: count }, (_, n) => [n, n] as const))).toThrow(RangeError);
});
