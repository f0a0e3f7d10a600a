import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeEach, expect, it } from 'vitest';
import { exampleRun } from '../../test-kit/example-runs.js';
import { LiveTable } from '../cli/live-table.js';
import { comparisonOf } from '../judge/comparison.js';
import type { CompleteRun } from '../results/result.js';
import { writeResult } from '../results/result-file.js';
import { planDir } from '../results/results-folder.js';
import { NEWEST, readComparison } from '../results/stored-comparison.js';
import { measurePlan } from './measure-plan.js';

const plan = { contenders: ['a', 'b'], runs: 2, orders: 1000, seed: 1, coolDownS: 0, tuning: {} };
const screen = new PassThrough();
let resultsDir: string;
let abort: AbortController;

beforeEach(async () => {
  resultsDir = await mkdtemp(join(tmpdir(), 'measure-'));
  abort = new AbortController();
});

/** Measures the plan with made-up runs. */
function measure(run: (contender: string, count: number) => CompleteRun) {
  let count = 0;
  const dir = planDir(resultsDir, 'comparisons', 'made-up');
  return measurePlan({
    id: 'made-up',
    plan,
    signal: abort.signal,
    display: new LiveTable(screen),
    dir,
    store: result => writeResult(result, dir),
    run: async contender => run(contender, count++),
  });
}
const made = (contender: string, count: number) => exampleRun(contender, 10_000, { id: `0000000${count}` });
const printed = () => String(screen.read() ?? '');

it('leaves a comparison that is read back as it was measured', async () => {
  const stored = await measure(made);
  expect(await readComparison(resultsDir, NEWEST)).toEqual(stored);
  expect(comparisonOf(stored).contenders.map(({ runs }) => runs)).toEqual([2, 2]);
  const lines = printed();
  expect(lines).toMatch(/^block 1 of 2, run 1: [ab]; about \d min left\nblock 1 of 2, run 2: [ab]; /);
  expect(lines).toMatch(/block 2 of 2, run 2: [ab]; less than a minute left\n/);
  expect(lines.match(/^median \[interval\]/gm)).toHaveLength(2);
  expect(lines).toContain(`stored in ${join(planDir(resultsDir, 'comparisons', 'made-up'), 'comparison.json')}`);
});

it('interrupted keeps the runs that are done, and says that the plan is short', async () => {
  const measured = measure((contender, count) => {
    if (count === 1) abort.abort();
    abort.signal.throwIfAborted();
    return made(contender, count);
  });
  await expect(measured).rejects.toThrow('aborted');
  const kept = await readComparison(resultsDir, NEWEST);
  expect(kept?.record.status).toBe('short');
  expect(kept?.results).toHaveLength(1);
  expect(printed()).toContain('the plan is short: 1 runs are kept');
});
