import { describe, expect, it } from 'vitest';
import { exampleResult } from '../example-result.js';
import { comparisonOf } from './cost.js';

const run = (id: string, comparison?: string) => ({
  file: `${id}.json`,
  result: exampleResult({
    id,
    ...(comparison && { comparison: { id: comparison, seed: 1, block: 1, position: 1, attempt: 1 } }),
  }),
});
const stored = [run('a', 'old'), run('b'), run('c', 'new'), run('d', 'new')];

describe('comparisonOf', () => {
  it('is the newest one, or the one that is named', () => {
    expect(comparisonOf(stored, undefined).results.map(({ id }) => id)).toEqual(['c', 'd']);
    expect(comparisonOf(stored, 'old').results.map(({ id }) => id)).toEqual(['a']);
  });

  it('is an error where there is none, or none of that name', () => {
    expect(() => comparisonOf([run('b')], undefined)).toThrow('there is no comparison in the results');
    expect(() => comparisonOf(stored, 'x')).toThrow('no comparison x in the results: there are old, new');
  });
});
