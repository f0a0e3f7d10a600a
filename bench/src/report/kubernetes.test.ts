import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import type { CompleteRun } from '../results/result.js';
import { writeResult } from '../results/result-file.js';
import { planDir } from '../results/results-folder.js';
import { gatherEvidence } from './evidence.js';
import { pageText } from './page-text.js';
import { composeReport } from './report.js';
import { writeReport } from './write-report.js';

const MARK = /one node, no benchmark of AKS/i;

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kubernetes-report-'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

async function reportOf(...runs: readonly CompleteRun[]) {
  for (const run of runs) await writeResult(run, planDir(dir, 'single', run.id));
  const evidence = await gatherEvidence(dir);
  const { html } = await writeReport(composeReport(evidence, null), dir);
  return { text: pageText(await readFile(html, 'utf8')), evidence };
}

const onCluster = exampleResult({ id: '1111aaaa', target: 'kubernetes', startedAt: '2026-01-03T00:00:00.000Z' });

test('runs on a cluster have a part of their own that says what they are, and are mixed with no others', async () => {
  const { text, evidence } = await reportOf(exampleResult(), onCluster);
  expect(text).toContain('On a Kubernetes cluster');
  expect(text).toMatch(MARK);
  expect(evidence.bursts.contenders.flatMap(({ runs }) => runs.map(({ result }) => result.target))).toEqual(['local']);
});

test('where there are no others they are the report, and it says so', async () => {
  const { text, evidence } = await reportOf(onCluster);
  expect(evidence.bursts.contenders).toHaveLength(1);
  expect(text).toMatch(MARK);
});
