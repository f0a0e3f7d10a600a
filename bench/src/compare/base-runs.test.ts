import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeResult } from '../result-file.js';
import { baseRuns } from './base-runs.js';
import { COMPARISON_FORMAT, type ComparisonRecord, writeComparison } from './comparison-file.js';
import { exampleRun, exampleRuns } from './example-runs.js';
import { folderSet, gitSet } from './result-set.js';
import { comparisonOf, NEWEST, readComparison } from './stored-comparison.js';

const plan = { contenders: ['a', 'b'], runs: 3, orders: 1000, seed: 1, coolDownS: 0, tuning: {} };

describe('stored comparisons', () => {
  let dir: string;

  const store = async (id: string, startedAt: string, seed: number): Promise<ComparisonRecord> => {
    const results = exampleRuns({ id, drainMs: { a: 10_000, b: 12_000 }, blocks: 3, seed });
    for (const result of results) await writeResult(result, dir);
    const record: ComparisonRecord = {
      schemaVersion: 1,
      id,
      startedAt,
      finishedAt: null,
      status: 'complete',
      plan,
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
    await writeComparison(record, dir);
    return record;
  };

  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'base-')), 'results');
    await mkdir(dir);
  });

  it('are read back by id, or the newest, with their results alone', async () => {
    const first = await store('first', '2026-01-01T00:00:00.000Z', 1);
    await store('second', '2026-01-02T00:00:00.000Z', 2);
    await writeResult(exampleRun('a', 1, { id: 'ffffffff' }), dir);
    const set = await folderSet(dir);
    const found = await readComparison(set, 'first');
    expect(found?.record).toEqual(first);
    expect(found?.results.map(({ id }) => id)).toEqual(first.runs.map(({ resultId }) => resultId));
    expect((await readComparison(set, NEWEST))?.record.id).toBe('second');
    expect(await readComparison(set, 'third')).toBeUndefined();
    if (found) expect(comparisonOf(found).contenders.map(({ runs }) => runs)).toEqual([3, 3]);
  });

  it('say which result is missing', async () => {
    const { runs } = await store('first', '2026-01-01T00:00:00.000Z', 1);
    const id = runs[0]?.resultId ?? '';
    const file = (await readdir(dir)).find(name => name.includes(id)) ?? '';
    await rm(join(dir, file));
    await expect(folderSet(dir).then(set => readComparison(set, 'first'))).rejects.toThrow(`has no result ${id}`);
  });

  it.each([
    ['{', 'is cut off or is no JSON'],
    ['{"schemaVersion":2}', 'has schemaVersion 2, and this checkout reads version 1 only'],
    ['null', 'is not a result file'],
    ['{"schemaVersion":1}', 'does not fit bench/schemas/comparison.schema.json'],
  ])('are refused clearly when they are not whole: %s', (text, message) => {
    expect(() => COMPARISON_FORMAT.parse(text, 'x.json')).toThrow(`x.json ${message}`);
  });

  describe('as a base', () => {
    it('are named by their id', async () => {
      await store('first', '2026-01-01T00:00:00.000Z', 1);
      await store('second', '2026-01-02T00:00:00.000Z', 2);
      const base = await baseRuns('first', dir);
      expect(base.title).toBe('comparison first');
      expect(base.results.every(({ comparison }) => comparison?.id === 'first')).toBe(true);
    });

    it('are the newest of a folder, or every burst where there is none', async () => {
      await writeResult(exampleRun('a', 1, { id: 'ffffffff' }), dir);
      await writeResult(exampleRun('a', 1, { id: 'eeeeeeee', mode: 'cold' }), dir);
      const before = await baseRuns(dir, join(dir, 'none'));
      expect(before.results.map(({ id }) => id)).toEqual(['ffffffff']);
      await store('first', '2026-01-01T00:00:00.000Z', 1);
      const after = await baseRuns(dir, join(dir, 'none'));
      expect(after.results).toHaveLength(6);
      expect(after.title).toBe(`comparison first in ${dir}`);
    });

    it('are the newest of a git commit, whatever lies in the folder now', async () => {
      const repo = join(dir, '..');
      const git = (...args: string[]) =>
        execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: repo });
      await store('first', '2026-01-01T00:00:00.000Z', 1);
      await git('init', '--quiet');
      await git('add', '.');
      await git('commit', '--quiet', '-m', 'results');
      await store('second', '2026-01-02T00:00:00.000Z', 2);
      const found = await readComparison(await gitSet('HEAD', repo), NEWEST);
      expect(found?.record.id).toBe('first');
      expect(found?.results).toHaveLength(6);
    });

    it('are refused where there is nothing of that name, or nothing in it', async () => {
      await expect(baseRuns('no-such-thing', dir)).rejects.toThrow(
        "'no-such-thing' is no comparison of this checkout, no folder and no git commit",
      );
      await expect(baseRuns('--all', dir)).rejects.toThrow("'--all' is no comparison");
      await expect(baseRuns(dir, dir)).rejects.toThrow('there are no bursts in');
    });
  });

  it('refuses a results folder that is none', async () => {
    await expect(folderSet(join(dir, 'none'))).rejects.toThrow('there is no results folder');
    await writeFile(join(dir, 'file'), '');
    await expect(folderSet(join(dir, 'file'))).rejects.toThrow('there is no results folder');
  });
});
