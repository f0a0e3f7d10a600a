import { expect, it } from 'vitest';
import { median } from './median.js';

const NEVER = Number.POSITIVE_INFINITY;

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[NEVER, NEVER], NEVER],
  [[1, NEVER, NEVER, NEVER], NEVER],
  [[1, 2, NEVER, NEVER], NEVER],
  [[1, 2, 3, NEVER], 2.5],
  [[7], 7],
])('of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle);
});
