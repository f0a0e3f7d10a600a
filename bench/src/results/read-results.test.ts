import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import { readResults } from './read-results.js';

const whole = JSON.stringify(exampleResult());

describe('readResults', () => {
  let dir: string;
  const put = (file: string, changes: Parameters<typeof exampleResult>[0]) =>
    writeFile(join(dir, file), JSON.stringify(exampleResult(changes)));

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'results-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('returns the oldest run first, and leaves sweeps out unless it is asked for them', async () => {
    for (const folder of ['sweeps/s1', 'comparisons/c1', 'single/r1'])
      await mkdir(join(dir, folder), { recursive: true });
    await put('single/r1/a.json', { startedAt: '2026-01-03T00:00:00.000Z' });
    await put('comparisons/c1/b.json', { startedAt: '2026-01-01T00:00:00.000Z' });
    await writeFile(join(dir, 'comparisons', 'c1', 'comparison.json'), '{}');
    await put('sweeps/s1/c.json', { startedAt: '2026-01-02T00:00:00.000Z' });
    await writeFile(join(dir, 'sweeps', 's1', 'sweep.json'), '{}');
    await writeFile(join(dir, 'README.md'), '# Results');
    expect((await readResults(dir)).map(({ file }) => file)).toEqual(['comparisons/c1/b.json', 'single/r1/a.json']);
    expect((await readResults(dir, { sweeps: true })).map(({ file }) => file)).toEqual([
      'comparisons/c1/b.json',
      'sweeps/s1/c.json',
      'single/r1/a.json',
    ]);
  });

  it('is empty for a folder without results, with and without sweeps', async () => {
    expect(await readResults(dir, { sweeps: true })).toEqual([]);
  });

  it('names a folder that is not there', async () => {
    await expect(readResults(join(dir, 'none'))).rejects.toThrow(/there is no results folder .*none: measure first/);
  });

  it('names the path of a file that it cannot read, rather than to leave it out', async () => {
    await mkdir(join(dir, 'single', 'r1'), { recursive: true });
    await writeFile(join(dir, 'single', 'r1', 'half.json'), whole.slice(0, 500));
    await expect(readResults(dir)).rejects.toThrow(join(dir, 'single', 'r1', 'half.json'));
  });

  it('says where a result belongs that lies loose', async () => {
    await writeFile(join(dir, 'a.json'), whole);
    await expect(readResults(dir)).rejects.toThrow(/a\.json belongs to no plan: move a result into .*single/);
  });
});
