import { expect, it } from 'vitest';
import { remainingMs, roughDuration } from './remaining-time.js';

const plan = { orders: 10_000, coolDownS: 5 };

it('guesses before anything is measured, by the number of orders', () => {
  expect(remainingMs(['a', 'b'], [], plan)).toBe(2 * (30_000 + 20_000 + 5_000));
});

it('takes the mean of what a contender took, and of all where it did not run yet', () => {
  const seen = [
    { contender: 'a', durationMs: 10_000 },
    { contender: 'a', durationMs: 20_000 },
    { contender: 'b', durationMs: 60_000 },
  ];
  expect(remainingMs(['a', 'b', 'c'], seen, plan)).toBe(15_000 + 60_000 + 30_000 + 3 * 5_000);
  expect(remainingMs([], seen, plan)).toBe(0);
});

it('is told roughly', () => {
  expect(roughDuration(20_000)).toBe('less than a minute');
  expect(roughDuration(25 * 60_000)).toBe('about 25 min');
  expect(roughDuration(100 * 60_000)).toBe('about 1.7 h');
});
