import { expect, it } from 'vitest';
import { parseThrottledMs } from './throttled-time.js';

it('a CPU limit tells how long it held the run back, where there is one', () => {
  expect(parseThrottledMs('usage_usec 9\nnr_periods 5\nnr_throttled 2\nthrottled_usec 12345\n')).toBe(12.345);
  expect(parseThrottledMs('usage_usec 9\nuser_usec 5\n')).toBeNull();
  expect(parseThrottledMs('')).toBeNull();
});
