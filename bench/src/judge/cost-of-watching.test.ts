import { expect, test } from 'vitest';
import { endedAs, exampleRuns } from '../../test-kit/example-runs.js';
import type { ComparisonRecord, PlannedCost } from '../results/comparison-file.js';
import type { CompleteRun, RunResult } from '../results/result.js';
import { comparisonOf } from './comparison.js';
import { costOfWatching, costSentences } from './cost-of-watching.js';

const NAMES = ['x (live)', 'x (off)'];

test('the cost of a page that is watched is that of all processes, the harness among them, pair by pair', () => {
  const cost = costOfWatching(stored(made(1.01)));
  expect(cost).toMatchObject({ plan: { contender: 'x', what: 'live' }, blocks: 12 });
  expect(cost.cpu?.ratio).toBeCloseTo(1.01, 3);
  expect(costSentences(cost)).toEqual([
    expect.stringMatching(/^with the live page open, x takes 1\.010 .* at most 2 % more CPU$/),
  ]);
});

test('more than may be is said, and what is not decided too', () => {
  expect(costSentences(costOfWatching(stored(made(1.05))))[0]).toContain(': more than 2 % more CPU');
  const few = made(1.015).filter(({ comparison }) => (comparison?.block ?? 0) <= 3);
  expect(costSentences(costOfWatching(stored(few)))[0]).toContain('whether that is more than 2 % is not decided');
});

test('a block without a whole run of both says nothing', () => {
  const runs = made(1.01).map(run =>
    run.comparison?.block === 1 ? endedAs(run, 'incomplete', 'orders are missing') : run,
  );
  expect(costOfWatching(stored(runs)).blocks).toBe(11);
  expect(costSentences(costOfWatching(stored([])))).toEqual(['no block holds a whole run of both: nothing is known']);
});

test('such a plan holds on against off, and nothing else is one', () => {
  const { pairs } = comparisonOf(stored(made(1.01)));
  expect(new Set(pairs.map(({ a, b }) => `${a} / ${b}`))).toEqual(new Set(['x (live) / x (off)']));
  expect(() => costOfWatching(stored([], null))).toThrow('not about the cost of anything');
});

/** Twelve blocks; where it is on, every process takes so many times the CPU. */
function made(factor: number): CompleteRun[] {
  const drainMs = Object.fromEntries(NAMES.map(name => [name, 10_000]));
  return exampleRuns({ drainMs, blocks: 12, spread: 0.01, seed: 3 }).map(run =>
    run.contender === 'x (live)'
      ? { ...run, processes: run.processes.map(process => ({ ...process, cpuMs: process.cpuMs * factor })) }
      : run,
  );
}

function stored(results: readonly RunResult[], costOf: PlannedCost | null = { contender: 'x', what: 'live' }) {
  const record: ComparisonRecord = {
    schemaVersion: 2,
    id: 'made-up',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
    status: 'complete',
    plan: {
      contenders: NAMES,
      runs: 12,
      orders: 1000,
      seed: 1,
      coolDownS: 5,
      tuning: {},
      ...(costOf ? { costOf } : {}),
    },
    sequence: [NAMES],
    runs: [],
    voids: 0,
  };
  return { record, results };
}
