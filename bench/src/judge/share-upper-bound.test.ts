import { expect, it } from 'vitest';
import { shareUpperBound } from './share-upper-bound.js';

// With none of n it is 1 - 0.05^(1/n); the others are from published tables of one-sided limits.
it.each([
  [0, 1, 0.95],
  [0, 20, 0.1391],
  [0, 100, 0.0295],
  [1, 10, 0.3942],
  [2, 20, 0.2826],
  [5, 10, 0.7776],
  [10, 10, 1],
  [0, 0, 1],
])('of %i of %i is the published %d', (count, tried, bound) => {
  expect(shareUpperBound(count, tried)).toBeCloseTo(bound, 4);
});
