import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import type { CompleteRun, RoleScaling } from '../results/result.js';
import { writeResult } from '../results/result-file.js';
import { planDir } from '../results/results-folder.js';
import { SWEEP_SCHEMA_VERSION, writeSweep } from '../results/sweep-file.js';
import { gatherEvidence } from './evidence.js';
import { pageText } from './page-text.js';
import { composeReport } from './report.js';
import { writeReport } from './write-report.js';

const TITLE = 'Scaling under the burst';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'scale-report-'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const example = exampleResult();

function role(name: string, ready: RoleScaling['ready'], reached: RoleScaling['reached']): RoleScaling {
  return { role: name, ready, reached, podSeconds: 12.5, restarts: 0, autoscaler: [] };
}

function scaledRun(id: string, from: number): CompleteRun {
  return exampleResult({
    id,
    mode: 'cold',
    target: 'kubernetes',
    processes: example.processes.filter(({ role: of }) => of === 'harness'),
    settings: {
      ...example.settings,
      nodes: 1,
      keda: { version: '2.20.2', installedBy: 'Helm' },
      scaledObject: { pollingInterval: 5, triggers: [{ type: 'metrics-api' }] },
    },
    scaling: {
      from,
      most: 6,
      roles: [
        role(
          'distributor',
          [
            [0, from],
            [2_000, from + 1],
          ],
          [{ pods: from + 1, atMs: 2_000, written: 321 }],
        ),
        role('receiver-express', [[0, from]], []),
      ],
    },
  });
}

async function reportOf(...runs: readonly CompleteRun[]) {
  const folder = planDir(dir, 'scale', 'a-series');
  const files = await Promise.all(runs.map(run => writeResult(run, folder)));
  await writeSweep(
    {
      schemaVersion: SWEEP_SCHEMA_VERSION,
      id: 'a-series',
      startedAt: example.startedAt,
      status: 'complete',
      plan: { contenders: ['made-up'], vary: { from: [1, 0] }, orders: 1000, runs: 1, seed: 1 },
      cells: runs.map(({ scaling }, index) => ({
        contender: 'made-up',
        values: { from: scaling?.from ?? 0 },
        resultFiles: [basename(files[index] ?? '')],
      })),
    },
    folder,
  );
  await writeResult(example, planDir(dir, 'single', 'one'));
  const evidence = await gatherEvidence(dir);
  const { html, charts } = await writeReport(composeReport(evidence, null), dir);
  return { text: pageText(await readFile(html, 'utf8')), charts: charts.map(path => basename(path)), evidence };
}

test('a series is shown by what scaled it, by two curves a start, and by a row a contender', async () => {
  const { text, charts } = await reportOf(scaledRun('1111aaaa', 1), scaledRun('2222bbbb', 0));
  expect(text).toContain(TITLE);
  expect(text).toContain('KEDA 2.20.2 (Helm)');
  expect(text).toContain('one node, no benchmark of AKS');
  expect(text).toContain('321');
  // Without a word of its daprds it is no limit of the rig all the same.
  expect(text).not.toContain('(limit)');
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(charts).toEqual(
    expect.arrayContaining(
      ['pods-from-1', 'orders-from-1', 'pods-from-0', 'orders-from-0'].map(name => `scale-${name}.svg`),
    ),
  );
});

test('its runs are no bursts of the report', async () => {
  const { evidence } = await reportOf(scaledRun('1111aaaa', 1));
  expect(evidence.cold).toEqual([]);
  expect(evidence.bursts.contenders.flatMap(({ runs }) => runs)).toHaveLength(1);
});
