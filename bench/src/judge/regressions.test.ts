import { describe, expect, it } from 'vitest';
import { exampleRuns } from '../../test-kit/example-runs.js';
import { compareResults } from './comparison.js';
import { baseName, planPairs } from './plan-pairs.js';
import { regressionsIn } from './regressions.js';

const base = { ref: 'main', commit: 'abcdef0123456789abcdef0123456789abcdef01' };
const contenders = ['a', 'b'].flatMap(name => [name, baseName(name, base.commit)]);

/** Ten blocks in which the new builds drained in so many ms, and the old ones in 10 s. */
function regressions({ a, b }: { a: number; b: number }) {
  const old = { 'a (base abcdef0)': 10_000, 'b (base abcdef0)': 10_000 };
  const results = exampleRuns({ drainMs: { a, b, ...old }, blocks: 10, spread: 0.01 });
  const pairs = planPairs({ contenders, base });
  return regressionsIn(compareResults(results, { id: 'made-up', contenders, pairs, runs: 10, seed: 1 }));
}

describe('a build held against its base, block by block', () => {
  it('is held against its own base alone', () => {
    expect(planPairs({ contenders, base })).toEqual([
      { a: 'a', b: 'a (base abcdef0)' },
      { a: 'b', b: 'b (base abcdef0)' },
    ]);
  });

  it('is a regression where a contender is decidedly slower', () => {
    const [only, ...others] = regressions({ a: 11_000, b: 10_000 });
    expect(only).toMatch(/^a in time to drain \(T100\), x 1\.\d{3} \[1\.\d{3}, 1\.\d{3}\]$/);
    expect(others).toEqual([]);
  });

  it('is none where it is the same, or better', () => {
    expect(regressions({ a: 10_000, b: 9_000 })).toEqual([]);
  });
});
