import { expect, test } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import { contenderRuns } from './evidence.js';
import { paletteOf } from './palette.js';

const NAMES = ['express-ts', 'express-ts-fetch', 'spin-ts@spin-3.6', 'spin-ts-settings@spin-3.6'];

function groupsOf(names: readonly string[]) {
  return contenderRuns(
    names.map(contender => {
      const kind = contender.startsWith('spin') ? ('spin' as const) : ('node' as const);
      const isFloor = contender === 'null-ts';
      return {
        file: 'x.json',
        result: exampleResult({ contender, isFloor, runtime: { name: kind, kind, version: null } }),
      };
    }),
  );
}

test('a contender keeps its colour, in whatever order the runs come and whichever references are beside it', () => {
  const one = paletteOf(groupsOf(NAMES));
  const other = paletteOf(groupsOf(['null-ts', ...NAMES.toReversed()]));
  expect(NAMES.map(other.colour)).toEqual(NAMES.map(one.colour));
  expect(new Set(NAMES.map(one.colour)).size).toBe(4);
});

test('the floor is grey, and called one', () => {
  const palette = paletteOf(groupsOf([...NAMES, 'null-ts']));
  expect(palette.colour('null-ts')).toBe('var(--reference-1)');
  expect(palette.label('null-ts')).toBe('null-ts (floor)');
  expect(palette.label('express-ts')).toBe('express-ts');
});
