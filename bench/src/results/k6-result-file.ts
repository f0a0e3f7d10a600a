import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { K6_RESULT, K6_SCHEMA_VERSION, type K6Result } from './k6-result.js';
import { timeStamp } from './plan-id.js';
import { inFileName } from './result-file.js';
import { jsonFilesIn, planDir, planIds } from './results-folder.js';
import { storedFormat } from './stored-format.js';

/** A k6 result's file. */
export const K6_FORMAT = storedFormat({
  title: 'k6',
  version: K6_SCHEMA_VERSION,
  shape: K6_RESULT,
  // Version 3 has one kind more, and nothing else that is new.
  upgrades: { 2: older => older, 3: withDensityLimit },
});

/** Up to version 3 density asked what every test of one app asks. */
function withDensityLimit(older: Readonly<Record<string, unknown>>): object {
  return older.kind === 'density' ? { ...older, p99LimitMs: 25 } : older;
}

/** A result and where it was read: below the results folder, with `/` on every system. */
export interface StoredK6Result {
  readonly file: string;
  readonly result: K6Result;
}

/**
 * Stores a result as `<startedAt>-<what>-<contender>-<role>-<id>.json`; never overwrites one.
 *
 * @param dir the folder of its series.
 *
 * @returns the file's path.
 * @throws Error when the result does not fit its shape: a mistake in this program, and no file is written.
 */
export async function writeK6Result(result: K6Result, dir: string): Promise<string> {
  K6_FORMAT.check(result);
  const stamp = timeStamp(new Date(result.startedAt));
  const what = whatOf(result);
  const file = join(dir, `${stamp}-${what}-${inFileName(result.contender)}-${result.role}-${result.id}.json`);
  await mkdir(dir, { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`, { flag: 'wx' });
  return file;
}

/**
 * Reads every result below `k6/`, the oldest first; none where there is no such folder.
 *
 * @throws UsageError when a file is not a whole result of a known version; it names the file.
 */
export async function readK6Results(resultsDir: string): Promise<StoredK6Result[]> {
  const ids = await planIds(resultsDir, 'k6');
  return (await Promise.all(ids.map(id => readSeries(resultsDir, id)))).flat();
}

function whatOf(result: K6Result): string {
  if (result.kind === 'k6-test') return result.run.test;
  return result.kind === 'k6-api' ? result.test : result.kind.replace(/^k6-/, '');
}

async function readSeries(resultsDir: string, id: string): Promise<StoredK6Result[]> {
  const dir = planDir(resultsDir, 'k6', id);
  return Promise.all(
    (await jsonFilesIn(dir)).map(async name => ({
      file: `k6/${id}/${name}`,
      result: K6_FORMAT.parse(await readFile(join(dir, name), 'utf8'), join(dir, name)),
    })),
  );
}
