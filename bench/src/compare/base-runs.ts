import { join } from 'node:path';
import type { RunResult } from '../result.js';
import { RESULT_FORMAT } from '../result-file.js';
import { UsageError } from '../usage-error.js';
import { folderSet, gitSet, type ResultSet } from './result-set.js';
import { NEWEST, readComparison } from './stored-comparison.js';

/** Runs that others are held against. */
export interface BaseRuns {
  /** Where they are from, for a person. */
  readonly title: string;
  readonly results: readonly RunResult[];
}

/**
 * Loads what new runs shall be held against: a comparison of `resultsDir` by its id, else a folder, else the results of
 * a git commit. Of the latter two it is the newest comparison, or where there is none every burst.
 *
 * @throws UsageError when there is no such thing, or there are no runs in it.
 */
export async function baseRuns(base: string, resultsDir: string): Promise<BaseRuns> {
  const own = await folderIfAny(resultsDir);
  const byId = own && (await readComparison(own, base));
  if (byId) return { title: `comparison ${base}`, results: byId.results };
  const set = (await folderIfAny(base)) ?? (await gitSet(base));
  const newest = await readComparison(set, NEWEST);
  if (newest) return { title: `comparison ${newest.record.id} in ${set.place}`, results: newest.results };
  const files = set.files.filter(file => !file.includes('/'));
  const results = await Promise.all(
    files.map(async file => RESULT_FORMAT.parse(await set.read(file), join(set.place, file))),
  );
  const bursts = results.filter(({ mode, orders }) => mode === 'burst' && orders.malformed === 0);
  if (bursts.length === 0) throw new UsageError(`there are no bursts in ${set.place} to compare with`);
  return { title: set.place, results: bursts };
}

async function folderIfAny(dir: string): Promise<ResultSet | undefined> {
  try {
    return await folderSet(dir);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
