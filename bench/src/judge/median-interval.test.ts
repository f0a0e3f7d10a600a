import { expect, it } from 'vitest';
import { medianInterval } from './median-interval.js';

const oneTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

// Published tables of the order-statistic interval of a median at 95 %: the rank of its lower end and what it reaches.
it.each([
  [6, 1, 0.9688],
  [8, 1, 0.9922],
  [9, 2, 0.9609],
  [10, 2, 0.9785],
  [12, 3, 0.9614],
  [15, 4, 0.9648],
  [20, 6, 0.9586],
  [25, 8, 0.9567],
  [30, 10, 0.9572],
])('takes the ranks of the published table: %i values', (n, k, confidence) => {
  const interval = medianInterval(oneTo(n).reverse());
  expect(interval).toMatchObject({ median: (n + 1) / 2, low: k, high: n + 1 - k });
  expect(interval.confidence).toBeCloseTo(confidence, 4);
});

it('says what too few values are worth', () => {
  expect(medianInterval(oneTo(5))).toEqual({ median: 3, low: 1, high: 5, confidence: 0.9375 });
  expect(medianInterval([7])).toEqual({ median: 7, low: 7, high: 7, confidence: 0 });
});

it('ranks a run that never ended above all others', () => {
  const values = [...oneTo(9), Number.POSITIVE_INFINITY];
  expect(medianInterval(values)).toMatchObject({ median: 5.5, low: 2, high: 9 });
});
