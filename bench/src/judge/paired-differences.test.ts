import { expect, it } from 'vitest';
import { cliffsDelta } from './paired-differences.js';

it.each([
  ['all above', [4, 5], [1, 2, 3], 1],
  ['all below', [1], [2, 3], -1],
  ['the same', [1, 2, 3], [1, 2, 3], 0],
  // Of 12 pairs 4 are above, 6 below and 2 equal.
  ['counted by hand', [10, 20, 30], [10, 20, 25, 40], (4 - 6) / 12],
  ['a run that never ended', [1, Number.POSITIVE_INFINITY], [2, Number.POSITIVE_INFINITY], (1 - 2) / 4],
])('%s', (_, a, b, delta) => {
  expect(cliffsDelta(a, b)).toBeCloseTo(delta, 12);
});
