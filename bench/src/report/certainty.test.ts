import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exampleRuns } from '../../test-kit/example-runs.js';
import { METRICS } from '../judge/metrics.js';
import { writeComparison } from '../results/comparison-file.js';
import { writeResult } from '../results/result-file.js';
import { planDir } from '../results/results-folder.js';
import { gatherEvidence } from './evidence.js';
import { htmlReport } from './html.js';
import { pageText } from './page-text.js';
import { certaintySection } from './sections/certainty.js';

const names = ['x (A)', 'x (B)', 'x (delayed)'];

async function folderWithCalibration(): Promise<string> {
  const resultsDir = await mkdtemp(join(tmpdir(), 'certainty-'));
  const dir = planDir(resultsDir, 'comparisons', 'made-up');
  const results = exampleRuns({ drainMs: { 'x (A)': 10_000, 'x (B)': 10_000, 'x (delayed)': 10_500 }, blocks: 12 });
  for (const result of results) await writeResult(result, dir);
  const calibration = { contender: 'x', delayShare: 0.05 };
  await writeComparison(
    {
      ...{ schemaVersion: 2, id: 'made-up', startedAt: '2026-01-01T00:00:00.000Z', finishedAt: null },
      status: 'complete',
      plan: { contenders: names, runs: 12, orders: 1000, seed: 1, coolDownS: 5, tuning: {}, calibration },
      sequence: [names],
      runs: [],
      voids: 0,
    },
    dir,
  );
  return resultsDir;
}

test('the report says how sure it is from the newest calibration, whose runs are no comparison of contenders', async () => {
  const evidence = await gatherEvidence(await folderWithCalibration());
  expect(evidence.bursts).toEqual({ contenders: [], compared: null });
  expect(evidence.others).toEqual([]);
  const section = certaintySection(evidence);
  if ('missing' in section) throw new Error('nothing was found');
  const page = htmlReport({ title: 't', headline: 'h', points: [], summary: [], notes: [], sections: [section] });
  const text = pageText(page);
  expect(text).toContain('What calibration made-up found');
  expect(text).toContain('x ran against itself, as (A), (B) and (delayed)');
  expect(text).toContain(`0 of ${2 * METRICS.length} comparisons (0 %) of x with itself were decided`);
  expect(text).toContain('24 runs, cut into 2 plans of 6 blocks or more');
  expect(text).toContain('the delay was found in 12 blocks: T100 1.05');
  expect(page).toContain('x-A-');
});

test('without a calibration it says how to make one', () => {
  expect(certaintySection({ calibration: null })).toMatchObject({
    missing: expect.stringContaining('`make calibrate`'),
  });
});
