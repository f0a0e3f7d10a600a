import type { ProcessRole } from '@order-bench/rig';
import { expect, test } from 'vitest';
import { endedAs, exampleRuns } from '../../test-kit/example-runs.js';
import type { ComparisonRecord, PlannedCost } from '../results/comparison-file.js';
import type { CompleteRun, RunResult } from '../results/result.js';
import { comparisonOf } from './comparison.js';
import { costFigures, costSentences } from './cost-of.js';

const ON = { live: 'x (live)', events: 'x (events)' } as const;
const OFF = 'x (off)';

test('the cost of a page that is watched is that of all processes, the harness among them, pair by pair', () => {
  const cost = costFigures(stored(made(1.01)));
  expect(cost).toMatchObject({ plan: { contender: 'x', what: 'live' }, blocks: 12 });
  const [cpu, drain] = cost.figures.map(({ ratio }) => ratio.ratio);
  expect(cpu).toBeCloseTo(1.01, 3);
  expect(drain).toBeCloseTo(1, 2);
  expect(costSentences(cost)).toEqual([
    expect.stringMatching(/^with the live page open, x takes 1\.010 .* at most 2 % more CPU$/),
    expect.stringMatching(/^the bench itself, .* takes -?0 % .* of all CPU more with it: at most 2 % more CPU$/),
  ]);
});

test('what the page takes shows in the process that serves it, however much all CPU varies', () => {
  const [, bench] = costSentences(costFigures(stored(made({ harness: 2 }))));
  expect(bench).toMatch(/^the bench itself, .* takes (\d\.\d+) % \[.*\] of all CPU more with it: /);
});

test('the cost of an event is that of app and daprd, by order, and of the drain, each with interval and verdict', () => {
  const spent = { app: 1.5, dapr: 1.2, rig: 3 };
  const cost = costFigures(stored(made(spent, 'events'), { contender: 'x', what: 'events' }));
  // Off, an app takes 3 ms of each of 1,000 orders and daprd 1 ms.
  expect(cost.figures.map(({ shift }) => shift.shift.toFixed(3)).slice(0, 2)).toEqual(['1.500', '0.200']);
  expect(costSentences(cost)).toEqual([
    'what an event of each order costs x (12 blocks; 95 % intervals, of all 3 together):',
    'app CPU per order: 1.500 ms [1.500 ms, 1.500 ms] more, 1.500 [1.500, 1.500] times: more, decided',
    'daprd CPU per order: 0.200 ms [0.200 ms, 0.200 ms] more, 1.200 [1.200, 1.200] times: more, decided',
    expect.stringMatching(/^time to drain \(T100\): -?\d\.\d\d s \[.*\] more, .* times: not decided$/),
    expect.stringContaining('nobody reads the events'),
  ]);
});

test('the cost of an event takes more blocks to be decided than one figure by itself would', () => {
  // 6 blocks reach 2 / 2^6 = 3.1 %: enough for one interval of 95 %, not for three that hold together.
  const six = made({ app: 1.5 }, 'events').filter(({ comparison }) => (comparison?.block ?? 0) <= 6);
  const [, app] = costSentences(costFigures(stored(six, { contender: 'x', what: 'events' })));
  expect(app).toBe('app CPU per order: 1.500 ms [-Infinity, Infinity] more, 1.500 [0.000, inf] times: not decided');
});

test('more than may be is said, and what is not decided too', () => {
  expect(costSentences(costFigures(stored(made(1.05))))[0]).toContain(': more than 2 % more CPU');
  const few = made(1.015).filter(({ comparison }) => (comparison?.block ?? 0) <= 3);
  expect(costSentences(costFigures(stored(few)))[0]).toContain('whether that is more than 2 % is not decided');
});

test('a block without a whole run of both says nothing', () => {
  const runs = made(1.01).map(run =>
    run.comparison?.block === 1 ? endedAs(run, 'incomplete', 'orders are missing') : run,
  );
  expect(costFigures(stored(runs)).blocks).toBe(11);
  expect(costSentences(costFigures(stored([])))).toEqual(['no block holds a whole run of both: nothing is known']);
});

test('such a plan holds on against off, and nothing else is one', () => {
  const { pairs } = comparisonOf(stored(made(1.01)));
  expect(new Set(pairs.map(({ a, b }) => `${a} / ${b}`))).toEqual(new Set(['x (live) / x (off)']));
  expect(() => costFigures(stored([], null))).toThrow('not about the cost of anything');
});

/** Twelve blocks; where it is on, every process takes so many times the CPU, or those of a role do. */
function made(factor: number | Partial<Record<ProcessRole, number>>, what: keyof typeof ON = 'live'): CompleteRun[] {
  const drainMs = { [ON[what]]: 10_000, [OFF]: 10_000 };
  const timesOf = (role: ProcessRole) => (typeof factor === 'number' ? factor : (factor[role] ?? 1));
  return exampleRuns({ drainMs, blocks: 12, spread: 0.01, seed: 3 }).map(run =>
    run.contender === OFF
      ? run
      : { ...run, processes: run.processes.map(one => ({ ...one, cpuMs: one.cpuMs * timesOf(one.role) })) },
  );
}

function stored(results: readonly RunResult[], costOf: PlannedCost | null = { contender: 'x', what: 'live' }) {
  const names = [ON.live, ON.events, OFF].filter(name => name !== (costOf?.what === 'events' ? ON.live : ON.events));
  const record: ComparisonRecord = {
    schemaVersion: 2,
    id: 'made-up',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
    status: 'complete',
    plan: {
      contenders: names,
      runs: 12,
      orders: 1000,
      seed: 1,
      coolDownS: 5,
      tuning: {},
      ...(costOf ? { costOf } : {}),
    },
    sequence: [names],
    runs: [],
    voids: 0,
  };
  return { record, results };
}
