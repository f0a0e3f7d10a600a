import { expect, test } from 'vitest';
import { quantity } from './quantity.js';

test.each([
  ['0', 0],
  ['12', 12],
  ['833m', 0.833],
  ['1k', 1_000],
  ['1.5M', 1_500_000],
])('%s is %d', (text, value) => {
  expect(quantity(text)).toBeCloseTo(value, 9);
});

test('what is no quantity is refused', () => {
  expect(() => quantity('many')).toThrow("'many' is no quantity");
});
