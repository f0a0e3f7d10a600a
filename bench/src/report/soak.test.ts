import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exampleSoak } from '../../test-kit/example-result.js';
import type { CompleteRun } from '../results/result.js';
import { writeResult } from '../results/result-file.js';
import { gatherEvidence } from './evidence.js';
import { composeReport } from './report.js';
import { writeReport } from './write-report.js';

const TITLE = 'Memory and latency over a soak';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'soak-report-'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

/** The report of some runs as Markdown, and the names of its charts. */
async function reportOf(...runs: readonly CompleteRun[]) {
  for (const run of runs) await writeResult(run, dir);
  const { markdown, charts } = await writeReport(composeReport(await gatherEvidence(dir), null), dir);
  return { text: await readFile(markdown, 'utf8'), charts: charts.map(path => path.split('/').at(-1)) };
}

test('a soak is shown minute by minute, with a line a run', async () => {
  const { text, charts } = await reportOf(
    exampleSoak([20, 10, 12, 15]),
    exampleSoak([30, 11, 13, 11], { id: '1111aaaa', contender: 'another' }),
  );
  expect(text).toContain(`## ${TITLE}`);
  expect(text).toContain('p99 near the start and at the end: ');
  expect(text).toContain('10.0 and 15.0 ms with made-up (minutes 2 and 4)');
  expect(text).toContain('315 and 343 MiB with another (minutes 2 and 4)');
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(charts).toEqual(expect.arrayContaining(['soak-latency.svg', 'soak-memory.svg']));
  const chart = await readFile(join(dir, 'charts', 'soak-latency.svg'), 'utf8');
  expect(chart.match(/<circle/g)).toHaveLength(8);
  expect(chart).not.toContain('NaN');
});

test('latency is shown alone where memory was not read', async () => {
  const result = exampleSoak([20, 10, 12]);
  const minutes = (result.minutes ?? []).map(minute => ({ ...minute, rssBytes: {} }));
  const { charts } = await reportOf({ ...result, minutes });
  expect(charts).toContain('soak-latency.svg');
  expect(charts).not.toContain('soak-memory.svg');
});

test('a run without two minutes to hold against each other is drawn, and nothing is claimed of it', async () => {
  expect((await reportOf(exampleSoak([20, 10]))).text).toContain('p99 by minute, in ms');
});

test('there is no such part where no run has minutes', async () => {
  const { minutes, ...short } = exampleSoak([20, 10, 12]);
  const { text, charts } = await reportOf(short);
  expect(text).not.toContain(TITLE);
  expect(charts.filter(name => name?.startsWith('soak'))).toEqual([]);
});
