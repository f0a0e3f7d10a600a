import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exampleSoak } from '../../test-kit/example-result.js';
import type { CompleteRun } from '../results/result.js';
import { writeResult } from '../results/result-file.js';
import { planDir } from '../results/results-folder.js';
import { gatherEvidence } from './evidence.js';
import { pageText } from './page-text.js';
import { composeReport } from './report.js';
import { writeReport } from './write-report.js';

const TITLE = 'Memory and latency over a soak';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'soak-report-'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

/** The report of some runs as text, and the names of its charts. */
async function reportOf(...runs: readonly CompleteRun[]) {
  for (const run of runs) await writeResult(run, planDir(dir, 'paced', run.id));
  const { html, charts } = await writeReport(composeReport(await gatherEvidence(dir), null), dir);
  return { text: pageText(await readFile(html, 'utf8')), charts: charts.map(path => path.split('/').at(-1)) };
}

test('a soak is shown minute by minute, with a line a run', async () => {
  const { text, charts } = await reportOf(
    exampleSoak([20, 10, 12, 15]),
    exampleSoak([30, 11, 13, 11], { id: '1111aaaa', contender: 'another' }),
  );
  expect(text).toContain(TITLE);
  expect(text).toContain('p99 from the second minute to the last full one, one run each: ');
  expect(text).toContain('made-up 10.0 to 15.0 ms');
  expect(text).toContain('another 315 to 343 MiB');
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(charts).toEqual(expect.arrayContaining(['soak-latency.svg', 'soak-memory.svg']));
  const chart = await readFile(join(dir, 'charts', 'soak-latency.svg'), 'utf8');
  expect(chart.match(/<circle/g)).toHaveLength(8);
  expect(chart).not.toContain('NaN');
});

test('two soaks of one contender are told apart in text, key and stroke', async () => {
  const { text } = await reportOf(
    exampleSoak([20, 10, 12]),
    exampleSoak([20, 11, 13], { id: '1111aaaa', startedAt: '2026-01-02T05:06:07.000Z' }),
  );
  expect(text).toContain('made-up (100 orders/s, 2026-01-02 03:04) 10.0 to 12.0 ms');
  expect(text).toContain('made-up (100 orders/s, 2026-01-02 05:06) 11.0 to 13.0 ms');
  const chart = await readFile(join(dir, 'charts', 'soak-latency.svg'), 'utf8');
  expect(chart).toContain('>made-up (100 orders/s, 2026-01-02 05:06)</text>');
  expect(new Set([...chart.matchAll(/stroke-dasharray="([^"]+)"/g)].map(match => match[1]))).toEqual(
    new Set(['none', '6 3']),
  );
});

test('a soak that got slow says since when, and what was recorded of why', async () => {
  const slow = exampleSoak([20, 10, 12, 30, 40]);
  const { text } = await reportOf({ ...slow, correctness: { ...slow.correctness, redeliveries: 7 } });
  expect(text).toContain(
    'made-up got slow from minute 4 on: the p99 rose from 10.0 to 40.0 ms; 99 % of an order’s time went to “waiting in the ingress queue”, ' +
      'the 2 cores were 60 % busy, 11 % of them with anything but the run, 7 messages were delivered again and app memory went from 315 to 358 MiB.',
  );
});

test('a soak that stayed as it was gives no reason', async () => {
  expect((await reportOf(exampleSoak([20, 10, 12, 15]))).text).not.toContain('got slow');
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
