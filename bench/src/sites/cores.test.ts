import { expect, test } from 'vitest';
import { halves, pinned } from './cores.js';

test('the odd core is the generator’s, and one core can’t be split', () => {
  expect(halves([0, 1, 2])).toEqual({ app: [0], generator: [1, 2] });
  expect(halves([0])).toBeNull();
});

test('a command keeps to its cores only where there is a split', () => {
  expect(pinned(['node', 'a.js'], [1, 2])).toEqual(['taskset', '--cpu-list', '1,2', 'node', 'a.js']);
  expect(pinned(['node', 'a.js'], undefined)).toEqual(['node', 'a.js']);
});
