import { expect, test } from 'vitest';
import { rangeText, ratioText, timesText } from './ratio-text.js';

const { POSITIVE_INFINITY } = Number;

test('a ratio stands with the bounds that there are, and with no infinity', () => {
  expect(ratioText({ ratio: 3.481, low: 3.41, high: 3.54 })).toBe('3.48 [3.41 to 3.54]');
  expect(ratioText({ ratio: 3.481, low: 3.41, high: POSITIVE_INFINITY })).toBe('3.48 [3.41 or more]');
  expect(ratioText({ ratio: 3.481, low: 0, high: 3.54 })).toBe('3.48 [up to 3.54]');
  expect(ratioText({ ratio: 3.481, low: 0, high: POSITIVE_INFINITY })).toBe('3.48');
  expect(ratioText({ ratio: POSITIVE_INFINITY, low: 0, high: POSITIVE_INFINITY })).toBe('without end');
});

test('a range of figures is open where a run never ended', () => {
  expect(rangeText(0, 12.34)).toBe('0.00 to 12.3');
  expect(rangeText(50.4, POSITIVE_INFINITY)).toBe('50.4 or more');
});

test('running text has two digits only where one would hide the difference', () => {
  expect(timesText(3.481)).toBe('3.5 times');
  expect(timesText(1.062)).toBe('1.06 times');
});
