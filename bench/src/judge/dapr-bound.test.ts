import { describe, expect, it } from 'vitest';
import { exampleRuns } from '../../test-kit/example-runs.js';
import type { RunResult } from '../results/result.js';
import { compareResults } from './comparison.js';
import { daprBound } from './dapr-bound.js';
import { pairsOf } from './plan-pairs.js';

const onAzure = (drainMs: Readonly<Record<string, number>>): RunResult[] =>
  exampleRuns({ drainMs, blocks: 10 }).map(run => ({
    ...run,
    target: 'azure',
    isFloor: run.contender === 'null-ts',
  }));

describe('a comparison on Azure', () => {
  it('names a winner where the floor is 1.5 times as fast as every contender', () => {
    const results = onAzure({ 'spin-ts': 30_000, 'express-ts': 20_000, 'null-ts': 10_000 });
    expect(daprBound(results)).toBeNull();
    expect(timeVerdicts(results)).toContain('worse');
  });

  it('names none where it is not, and says by whom: speed is Dapr’s then, and CPU still the apps’', () => {
    const results = onAzure({ 'spin-ts': 30_000, 'express-ts': 13_000, 'null-ts': 10_000 });
    expect(daprBound(results)).toBe(
      'Dapr-bound: null-ts, which does next to nothing, is not 1.5 times as fast as express-ts',
    );
    expect(new Set(timeVerdicts(results))).toEqual(new Set(['~']));
    expect(comparisonOf(results).speedBound).toContain('Dapr-bound');
    expect(comparisonOf(results).noClaim).toBeNull();
  });

  it('names none without a floor', () => {
    expect(daprBound(onAzure({ 'spin-ts': 30_000, 'express-ts': 13_000 }))).toContain('null-ts');
  });

  it('is not asked of runs on one machine', () => {
    expect(daprBound(exampleRuns({ drainMs: { 'spin-ts': 30_000, 'express-ts': 29_000 }, blocks: 10 }))).toBeNull();
  });
});

function comparisonOf(results: readonly RunResult[]) {
  const contenders = [...new Set(results.map(({ contender }) => contender))];
  return compareResults(results, { id: 'made-up', contenders, pairs: pairsOf(contenders), runs: 10, seed: 1 });
}

function timeVerdicts(results: readonly RunResult[]) {
  return comparisonOf(results)
    .pairs.filter(({ metric }) => metric === 't100Ms' || metric === 'steadyOrdersPerSecond')
    .map(({ verdict }) => verdict);
}
