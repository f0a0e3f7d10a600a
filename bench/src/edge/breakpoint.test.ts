import { expect, test } from 'vitest';
import { pastLimit, recoveryOf } from './breakpoint.js';

test.each([
  ['bears', { taken: 900, refused: 0, unanswered: 0, dropped: 0 }],
  ['saturates', { taken: 590, refused: 0, unanswered: 0, dropped: 310 }],
  ['collapses', { taken: 100, refused: 300, unanswered: 400, dropped: 100 }],
])('an app past its limit %s', (verdict, orders) => {
  expect(pastLimit({ orders, durationMs: 6_000 }, 100, 6)).toMatchObject({ verdict });
});

test('what an app takes past its limit is judged by the time in which orders were sent', () => {
  const orders = { taken: 594, refused: 0, unanswered: 1, dropped: 305 };
  expect(pastLimit({ orders, durationMs: 21_000 }, 100, 6).takenShareOfHeld).toBeCloseTo(0.99);
  expect(pastLimit({ orders: { ...orders, taken: 99 }, durationMs: 1_000 }, 100, 6).takenShareOfHeld).toBeCloseTo(0.99);
});

test.each([
  ['the first second with 99 % of its orders in time', [undefined, 12, 98, 60, 100], 2_000],
  ['at once where the spike was borne', [100, 100], 0],
  ['an order that is counted in the next second', [10, 98], 1_000],
])('an app has recovered with %s', (_, inTime, recoveryMs) => {
  expect(recoveryOf(inTime, 100)).toBe(recoveryMs);
});

test('an app that is late to the end has not recovered', () => {
  expect(recoveryOf([undefined, 3, 97], 100)).toBeNull();
});
