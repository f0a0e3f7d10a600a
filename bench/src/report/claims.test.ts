import { expect, test } from 'vitest';
import { exampleBreakpoint } from '../../test-kit/example-k6-results.js';
import { exampleRuns } from '../../test-kit/example-runs.js';
import type { RuntimeFacts } from '../contenders/runtime.js';
import { compareResults } from '../judge/comparison.js';
import { planPairs } from '../judge/plan-pairs.js';
import type { ColdStartResult, DensityResult } from '../results/k6-result.js';
import { contenderRuns } from './evidence.js';
import { claimsSection, type Stored } from './sections/claims.js';

const SPIN: RuntimeFacts = { name: 'spin-3.6', kind: 'spin', version: '3.6.3' };
const STAND_IN: RuntimeFacts = { name: 'stand-in', kind: 'stand-in', version: '0.1.0' };
const NOTHING: Stored = { bursts: { contenders: [], compared: null }, others: [], edges: [] };

/** The rows of the table: observation, figure, verdict, what it rests on. */
function rowsOf(stored: Partial<Stored>): string[][] {
  const table = claimsSection({ ...NOTHING, ...stored }).blocks.find(block => block.kind === 'table');
  return table?.rows.map(row => row.flatMap(({ text, detail }) => [text, ...[detail ?? []].flat()])) ?? [];
}

function compared(drainMs: Readonly<Record<string, number>>, blocks: number): Stored['bursts'] {
  const results = exampleRuns({ drainMs, blocks }).map(run => {
    const runtime = run.contender.includes('stand-in') ? STAND_IN : run.contender.includes('@') ? SPIN : run.runtime;
    return { ...run, runtime };
  });
  const contenders = Object.keys(drainMs);
  const pairs = planPairs({ contenders });
  return {
    contenders: contenderRuns(results.map(result => ({ result, file: 'made-up' }))),
    compared: { comparison: compareResults(results, { id: 'made-up', contenders, pairs, runs: blocks, seed: 1 }) },
  };
}

test('says of each observation that it is not decided, and what would measure it, where nothing is stored', () => {
  const rows = rowsOf({});
  expect(rows).toHaveLength(4);
  for (const [, figure, verdict, because] of rows) {
    expect([figure, verdict]).toEqual(['–', 'not decided']);
    expect(because).toMatch(/^Not measured: (starts and sizes |`make compare )/);
  }
});

test('judges by time to drain, whichever of the two a comparison names first', () => {
  const faster = compared({ 'warp-rust': 2_000, 'spin-rust@spin-3.6': 1_000, 'warp-rust-static': 1_010 }, 12);
  const [, noticeably, comparable] = rowsOf({ bursts: faster });
  expect(noticeably?.[1]).toMatch(/^time to drain of spin-rust over that of warp-rust: 0\.\d\d \[/);
  expect(noticeably?.slice(2)).toEqual(['holds', '12 blocks (made-up)']);
  expect(comparable?.[2]).toBe('holds');

  const slower = compared({ 'spin-rust@spin-3.6': 2_000, 'warp-rust': 1_000, 'warp-rust-static': 1_000 }, 12);
  expect(rowsOf({ bursts: slower }).map(row => row[2])).toEqual([
    'not decided',
    'does not hold',
    'does not hold',
    'not decided',
  ]);
});

test('finds the pair in another comparison than the one that the report is about', () => {
  const others = [compared({ 'spin-ts@spin-3.6': 3_000, 'express-ts': 1_000 }, 12)];
  expect(rowsOf({ others })[3]?.[2]).toBe('holds');
});

test('says which difference would have been seen, where none was', () => {
  const [, row] = rowsOf({ bursts: compared({ 'spin-rust@spin-3.6': 1_000, 'warp-rust': 1_000 }, 12) });
  expect(row?.[2]).toBe('not decided');
  expect(row?.[3]).toMatch(/^a difference of 1\.\d\d times would have been seen \(made-up\)$/);
});

test('takes nothing that ran on the stand-in for Spin', () => {
  const [, row] = rowsOf({ bursts: compared({ 'spin-rust (stand-in)': 1_000, 'warp-rust': 2_000 }, 12) });
  expect(row?.slice(1, 3)).toEqual(['–', 'not decided']);
});

test('holds sizes of artifacts against starts, and says how few decide nothing', () => {
  const sized = (count: number) => {
    const names = Array.from({ length: count }, (_, index) => `app-${index + 1}`);
    return names.flatMap((name, index) => [density(name, (index + 1) * 1e6), starts(name, 100 + index)]);
  };
  const stored = (count: number) => ({ edges: sized(count).map(result => ({ result, file: 'made-up' })) });
  expect(rowsOf(stored(5))[0]?.slice(1)).toEqual([
    'rank correlation of artifact size and start to first answer, 5 contenders: 1.00',
    'holds',
    'p 0.017',
  ]);
  expect(rowsOf(stored(3))[0]?.slice(2)).toEqual(['not decided', 'p 0.33; so few contenders could have decided none']);
});

test('takes the starts of the largest series, and none of another day', () => {
  const day = ({ id, ms }: { id: string; ms: number }, ...names: string[]) =>
    names.map(name => ({ ...starts(name, ms), series: { id, seed: 1, block: 1, position: 1 } }));
  const results = [
    ...['a', 'b', 'c'].map((name, index) => density(name, (index + 1) * 1e6)),
    ...day({ id: 'slow', ms: 900 }, 'a', 'b'),
    ...day({ id: 'fast', ms: 100 }, 'c'),
  ];
  expect(rowsOf({ edges: results.map(result => ({ result, file: 'made-up' })) })[0]?.[1]).toMatch(/, 2 contenders: /);
});

function factsOf(contender: string) {
  const facts = exampleBreakpoint({ contender, block: 1, heldPerSecond: 1 });
  const { kind, limit, heldPerSecond, rampPerSecond, steps, levels, past, spike, ...others } = facts;
  return others;
}

function starts(contender: string, startMs: number): ColdStartResult {
  return { ...factsOf(contender), kind: 'cold-start', variants: [{ compiledCache: null, startsMs: [startMs] }] };
}

function density(contender: string, artifactBytes: number): DensityResult {
  return {
    ...factsOf(contender),
    kind: 'density',
    p99LimitMs: 100,
    points: [],
    artifact: { artifactBytes, files: ['a'], runtimeBytes: 20e6 },
  };
}
