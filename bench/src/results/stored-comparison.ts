import { UsageError } from '../text/usage-error.js';
import { COMPARISON_FORMAT, COMPARISONS_FOLDER, type ComparisonRecord } from './comparison-file.js';
import type { RunResult } from './result.js';
import { RESULT_FORMAT } from './result-file.js';
import type { ResultSet } from './result-set.js';

/** A comparison with the results of its runs. */
export interface StoredComparison {
  readonly record: ComparisonRecord;
  readonly results: readonly RunResult[];
}

/** Stands for the comparison that was started last. */
export const NEWEST = 'newest';

/**
 * Reads a comparison and its results, and no other result.
 *
 * @param id of the comparison, or `newest`.
 * @param isWanted which ones to choose from.
 * @returns undefined where the set has no such comparison.
 * @throws UsageError for a file that can't be read, or a result that is missing.
 */
export async function readComparison(
  set: ResultSet,
  id: string,
  isWanted: (record: ComparisonRecord) => boolean = () => true,
): Promise<StoredComparison | undefined> {
  const files = set.files.filter(file => file.startsWith(`${COMPARISONS_FOLDER}/`));
  const wanted = id === NEWEST ? files : files.filter(file => file === `${COMPARISONS_FOLDER}/${id}.json`);
  const records = await Promise.all(
    wanted.map(async file => COMPARISON_FORMAT.parse(await set.read(file), `${file} in ${set.place}`)),
  );
  const record = records.filter(isWanted).sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0];
  if (!record) return undefined;
  const ids = record.runs.flatMap(({ resultId }) => (resultId === null ? [] : [resultId]));
  return { record, results: await Promise.all(ids.map(resultId => readResult(set, resultId))) };
}

async function readResult(set: ResultSet, id: string): Promise<RunResult> {
  const file = set.files.find(name => !name.includes('/') && name.endsWith(`-${id}.json`));
  if (!file) throw new UsageError(`${set.place} has no result ${id}, which a comparison of it names: restore its file`);
  return RESULT_FORMAT.parse(await set.read(file), `${file} in ${set.place}`);
}
