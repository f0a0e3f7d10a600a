import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exampleRuns } from '../../test-kit/example-runs.js';
import { writeComparison } from '../results/comparison-file.js';
import { writeResult } from '../results/result-file.js';
import { gatherEvidence } from './evidence.js';
import { markdownReport } from './markdown.js';
import { certaintySection } from './sections/certainty.js';

const names = ['x (A)', 'x (B)', 'x (delayed)'];

async function folderWithCalibration(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'certainty-'));
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
  return dir;
}

test('the report says how sure it is from the newest calibration, whose runs are no comparison of contenders', async () => {
  const evidence = await gatherEvidence(await folderWithCalibration());
  expect(evidence.bursts).toEqual({ contenders: [], compared: null });
  expect(evidence.others).toEqual([]);
  const text = textOf(evidence);
  expect(text).toContain('Calibration `made-up`: `x` ran as (A), (B) and (delayed)');
  expect(text).toContain('0 of 10 comparisons (0 %) of x with itself were decided');
  expect(text).toContain('24 runs, cut into 2 plans of 6 blocks or more');
  expect(text).toContain('the delay was found in 12 blocks: T100 1.05');
  expect(text).toContain('x-A-');
});

test('without a calibration it says how to make one', () => {
  expect(textOf({ calibration: null })).toContain('`make calibrate`');
});

function textOf(evidence: Parameters<typeof certaintySection>[0]): string {
  return markdownReport({ title: 't', headline: 'h', notes: [], sections: [certaintySection(evidence)] });
}
