import { expect, it, test } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import type { RunResult } from '../results/result.js';
import { runTable } from './run-table.js';
import { runLine, stands, summary } from './run-text.js';
import { verdictLine } from './verdict-line.js';

const BUSY = 'the machine was busy before the start: 60 % of its cores in its quietest second, at most 10 % is allowed';

function run(contender: string, t100Ms = 5000): RunResult {
  const { drain } = exampleResult();
  return exampleResult({ contender, drain: { ...drain, t100Ms } });
}

function voidRun(contender: string): RunResult {
  return { ...run(contender), status: 'void', reason: BUSY };
}

function wrong(contender: string): RunResult {
  const { correctness } = exampleResult();
  return { ...exampleResult({ contender }), correctness: { ...correctness, goodDeadLettered: 2 } };
}

test('a run is told in full with its late over early rate, where its orders are enough for one', () => {
  expect(summary(exampleResult())).toContain('steady 200 orders/s, late over early rate 1.01\n');
  const { drain } = exampleResult();
  expect(summary(exampleResult({ drain: { ...drain, lateOverEarlyRate: null } }))).toContain('steady 200 orders/s\n');
});

test('a run in a line says how fast it was and that every order is right, or what is wrong', () => {
  expect(runLine(run('a'))).toBe('1000 orders in 5.00 s, 200 orders/s, every order correct');
  expect(runLine(voidRun('a'))).toBe(`VOID: ${BUSY}`);
  expect(runLine(wrong('a'))).toBe('NOT CORRECT: 2 valid but dead-lettered');
});

test('a void run and an incorrect one do not stand, which makes the command exit with 1', () => {
  expect([run('a'), voidRun('b'), wrong('c')].map(stands)).toEqual([true, false, false]);
});

test('the table fits 80 columns with the longest names, and says why a run does not stand', () => {
  const lines = runTable([run('spin-ts-settings@spin-3.6', 151_900), wrong('express-ts'), voidRun('null-ts')]).split(
    '\n',
  );
  for (const line of lines.slice(0, 4)) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines[0]).toMatch(/^contender +time +orders\/s +CPU\/order +memory +result$/);
  expect(lines[1]).toMatch(/^spin-ts-settings@spin-3\.6 +152 s +200 +3\.00 ms +\d+ MiB +correct$/);
  expect(lines).toContain('express-ts: NOT CORRECT: 2 valid but dead-lettered');
  expect(lines).toContain(`null-ts: VOID: ${BUSY}`);
});

it.each<[string, readonly RunResult[], string]>([
  [
    'which of two was faster, and how to be sure',
    [run('spin-ts (stand-in)', 10_000), run('express-ts')],
    'express-ts was 2.0 times as fast as spin-ts (stand-in) in this single run; how sure: make compare',
  ],
  [
    'that two were about as fast',
    [run('a', 5100), run('b')],
    'b and a were about as fast in this single run; how sure: make compare',
  ],
  [
    'the fastest of several',
    [run('a', 15_000), run('b'), run('c', 7500)],
    'b was the fastest in this single run: 1.5 times as fast as c, 3.0 times as fast as a; how sure: make compare',
  ],
  ['nothing where one is void', [voidRun('a'), run('b')], 'no verdict: a is VOID'],
  ['nothing where one is wrong', [run('a'), wrong('b')], 'no verdict: b is NOT CORRECT'],
  ['how fast one alone was', [run('a')], 'a: 1000 orders in 5.00 s, 200 orders/s; against others: make compare'],
])('the verdict says %s', (_, results, line) => {
  expect(verdictLine(results)).toBe(line);
});
