import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { exampleRun, exampleRuns } from '../../test-kit/example-runs.js';
import { comparisonOf } from '../judge/comparison.js';
import {
  COMPARISON_FORMAT,
  type ComparisonPlan,
  type ComparisonRecord,
  comparesContenders,
  writeComparison,
} from './comparison-file.js';
import { writeResult } from './result-file.js';
import { planDir } from './results-folder.js';
import { NEWEST, readComparison } from './stored-comparison.js';

const plan: ComparisonPlan = { contenders: ['a', 'b'], runs: 3, orders: 1000, seed: 1, coolDownS: 0, tuning: {} };

describe('stored comparisons', () => {
  let dir: string;

  const store = async (
    id: string,
    startedAt: string,
    seed: number,
    about: Partial<ComparisonPlan> = {},
  ): Promise<ComparisonRecord> => {
    const results = exampleRuns({ id, drainMs: { a: 10_000, b: 12_000 }, blocks: 3, seed });
    for (const result of results) await writeResult(result, planDir(dir, 'comparisons', id));
    const record: ComparisonRecord = {
      schemaVersion: 2,
      id,
      startedAt,
      finishedAt: null,
      status: 'complete',
      plan: { ...plan, ...about },
      sequence: [plan.contenders, plan.contenders, plan.contenders],
      runs: results.map(({ contender, id: resultId, comparison }) => ({
        block: comparison?.block ?? 0,
        position: comparison?.position ?? 0,
        attempt: 1,
        contender,
        status: 'complete',
        resultId,
      })),
      voids: 0,
    };
    await writeComparison(record, planDir(dir, 'comparisons', id));
    return record;
  };

  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'base-')), 'results');
    await mkdir(dir);
  });

  it('are read back by id, or the newest, with their results alone', async () => {
    const first = await store('first', '2026-01-01T00:00:00.000Z', 1);
    await store('second', '2026-01-02T00:00:00.000Z', 2);
    await writeResult(exampleRun('a', 1, { id: 'ffffffff' }), planDir(dir, 'single', 'x'));
    const found = await readComparison(dir, 'first');
    expect(found?.record).toEqual(first);
    expect(found?.results.map(({ id }) => id)).toEqual(first.runs.map(({ resultId }) => resultId));
    expect((await readComparison(dir, NEWEST))?.record.id).toBe('second');
    expect(await readComparison(dir, 'third')).toBeUndefined();
    if (found) expect(comparisonOf(found).contenders.map(({ runs }) => runs)).toEqual([3, 3]);
  });

  it('of contenders are told from those of one contender under several names', async () => {
    await store('first', '2026-01-01T00:00:00.000Z', 1);
    await store('second', '2026-01-02T00:00:00.000Z', 2, { calibration: { contender: 'a', delayShare: 0.05 } });
    await store('third', '2026-01-03T00:00:00.000Z', 3, { base: { ref: 'main', commit: 'a'.repeat(40) } });
    const newest = await readComparison(dir, NEWEST, record => comparesContenders(record.plan));
    expect(newest?.record.id).toBe('first');
    expect(await readComparison(dir, 'second', record => comparesContenders(record.plan))).toBeUndefined();
  });

  it('say which result is missing', async () => {
    const { runs } = await store('first', '2026-01-01T00:00:00.000Z', 1);
    const id = runs[0]?.resultId ?? '';
    const folder = planDir(dir, 'comparisons', 'first');
    const file = (await readdir(folder)).find(name => name.includes(id)) ?? '';
    await rm(join(folder, file));
    await expect(readComparison(dir, 'first')).rejects.toThrow(`has no result ${id}`);
  });

  it.each([
    ['{', 'is cut off or is no JSON'],
    ['{"schemaVersion":1}', 'has schemaVersion 1, and this checkout reads version 2'],
    ['null', 'is not a result file'],
    ['{"schemaVersion":2}', 'is no comparison (node_modules/.bin/bench schema comparison)'],
  ])('are refused clearly when they are not whole: %s', (text, message) => {
    expect(() => COMPARISON_FORMAT.parse(text, 'x.json')).toThrow(`x.json ${message}`);
  });

  it('is not read without its own file', async () => {
    await store('first', '2026-01-01T00:00:00.000Z', 1);
    await rm(join(planDir(dir, 'comparisons', 'first'), 'comparison.json'));
    await expect(readComparison(dir, NEWEST)).rejects.toThrow(/there is no .*comparison\.json/);
  });

  it('refuses a results folder that is none', async () => {
    await expect(readComparison(join(dir, 'none'), NEWEST)).rejects.toThrow('there is no results folder');
    await writeFile(join(dir, 'file'), '');
    await expect(readComparison(join(dir, 'file'), NEWEST)).rejects.toThrow('there is no results folder');
  });
});
