import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PlainLog } from './plain-log.js';

let said: string[];
let log: PlainLog;

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  log = new PlainLog({ write: text => said.push(text) });
});
afterEach(() => vi.useRealTimers());

it('tells a step as it begins, and every five seconds that it goes on', () => {
  log.step('verifying every order');
  vi.advanceTimersByTime(11_000);
  expect(said).toEqual([
    '  verifying every order\n',
    '  still verifying every order (5 s)\n',
    '  still verifying every order (10 s)\n',
  ]);
});

it('counts while a warm-up or a drain moves on, with the recent rate and the time left', () => {
  log.step('warming up');
  log.progress({ written: 100, expected: 11_000, ordersPerSecond: 300 });
  log.progress({ written: 2_000, expected: 11_000, ordersPerSecond: 450 });
  vi.advanceTimersByTime(5_000);
  expect(said.at(-1)).toBe('  warming up: 2,000 of 11,000, 450 orders/s, 20 s left\n');
  log.progress({ written: 2_000, expected: 11_000, ordersPerSecond: 0 });
  vi.advanceTimersByTime(5_000);
  expect(said.at(-1)).toBe('  warming up: 2,000 of 11,000, 0 orders/s, time left unknown\n');
});

it('says no more once it has ended', () => {
  log.step('draining');
  log.end();
  vi.advanceTimersByTime(60_000);
  expect(said).toHaveLength(1);
});
