import { expect, test } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import { type ExampleRuns, endedAs, exampleRuns } from '../../test-kit/example-runs.js';
import type { CompleteRun } from '../results/result.js';
import type { StoredComparison } from '../results/stored-comparison.js';
import { comparisonOf } from './comparison.js';
import { historyEntry } from './history.js';

const DRAIN_MS: ExampleRuns['drainMs'] = { 'spin-ts@spin-3.6': 20_000, 'express-ts': 10_000 };

function stored(changes: (run: CompleteRun) => Partial<CompleteRun>): StoredComparison {
  const results = exampleRuns({ drainMs: DRAIN_MS, blocks: 6 }).map(run => ({ ...run, ...changes(run) }));
  const contenders = Object.keys(DRAIN_MS);
  return {
    record: {
      ...{ schemaVersion: 2, id: 'made-up', startedAt: '2026-01-01T00:00:00.000Z', finishedAt: null, voids: 0 },
      status: 'complete',
      plan: { contenders, runs: 6, orders: 1000, seed: 1, coolDownS: 5, tuning: {} },
      sequence: [contenders],
      runs: [],
    },
    results,
  };
}

function entry(changes: (run: CompleteRun) => Partial<CompleteRun>) {
  const comparison = stored(changes);
  return historyEntry(comparison, comparisonOf(comparison));
}

const { environment } = exampleResult();
const SPIN = { name: 'spin-3.6', kind: 'spin', version: '3.6.3' } as const;

test('a comparison is told by what took part, and by what each contender took', () => {
  const found = entry(({ contender }) => ({
    ...(contender.startsWith('spin') ? { runtime: SPIN } : {}),
    environment: { ...environment, gitCommit: `${'a'.repeat(40)}-dirty`, versions: { daprd: '1.18.3 (built)' } },
  }));
  expect(found?.commits).toEqual(['aaaaaaa-dirty']);
  expect(found?.versions).toEqual({ dapr: ['1.18.3'], spin: ['3.6.3'], node: ['24.0.0'] });
  expect(found?.contenders.map(({ contender, series, runs }) => [contender, series, runs])).toEqual([
    ['spin-ts@spin-3.6', 'spin-ts', 6],
    ['express-ts', 'express-ts', 6],
  ]);
  expect(found?.contenders[1]?.t100Ms.median).toBeCloseTo(10_000, -3);
});

test('versions that changed within a comparison are all named, in their order', () => {
  const found = entry(({ comparison }) => ({
    environment: { ...environment, versions: { daprd: comparison?.block === 1 ? '1.18.10' : '1.18.3' } },
  }));
  expect(found?.versions.dapr).toEqual(['1.18.3', '1.18.10']);
});

test('another machine or other work is another setting, another commit is not', () => {
  const one = entry(() => ({}))?.setting;
  expect(entry(() => ({ environment: { ...environment, gitCommit: 'b'.repeat(40) } }))?.setting).toBe(one);
  expect(entry(() => ({ environment: { ...environment, cores: 64 } }))?.setting).not.toBe(one);
  expect(entry(({ orders }) => ({ orders: { ...orders, count: 2000 } }))?.setting).not.toBe(one);
});

test('a comparison of void runs alone has no place in it', () => {
  const { record, results } = stored(() => ({}));
  const voids = results.flatMap(run => (run.status === 'complete' ? [endedAs(run, 'void')] : []));
  const comparison = { record, results: voids };
  expect(historyEntry(comparison, comparisonOf(comparison))).toBeNull();
});
