import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../text/usage-error.js';
import { COMPARISON_FILE, COMPARISON_FORMAT, type ComparisonRecord } from './comparison-file.js';
import { readPlanResults } from './read-results.js';
import type { RunResult } from './result.js';
import { mustBeResultsFolder, planDir, planIds } from './results-folder.js';

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
 * @returns undefined where the folder has no such comparison.
 * @throws UsageError for a folder that is none, a file that can't be read, or a result that is missing.
 */
export async function readComparison(
  resultsDir: string,
  id: string,
  isWanted: (record: ComparisonRecord) => boolean = () => true,
): Promise<StoredComparison | undefined> {
  await mustBeResultsFolder(resultsDir);
  const records = await readComparisonRecords(resultsDir, id === NEWEST ? undefined : id);
  const record = records.find(isWanted);
  if (!record) return undefined;
  const byId = new Map(
    (await readPlanResults(resultsDir, 'comparisons', record.id)).map(({ result }) => [result.id, result]),
  );
  const ids = record.runs.flatMap(({ resultId }) => (resultId === null ? [] : [resultId]));
  return { record, results: ids.map(resultId => mustHave(byId, { resultId, resultsDir, record })) };
}

/**
 * The records of all comparisons, the newest first, or of the one with that id: no other file is read then.
 *
 * @throws UsageError for a file that can't be read.
 */
export async function readComparisonRecords(resultsDir: string, id?: string): Promise<ComparisonRecord[]> {
  const ids = (await planIds(resultsDir, 'comparisons')).filter(found => id === undefined || found === id);
  const records = await Promise.all(
    ids.map(async id => {
      const file = join(planDir(resultsDir, 'comparisons', id), COMPARISON_FILE);
      return COMPARISON_FORMAT.parse(await readRecord(file), file);
    }),
  );
  return records.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

async function readRecord(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new UsageError(
      `there is no ${file}, and a comparison is nothing without it: restore it, or move its folder`,
      {
        cause,
      },
    );
  }
}

interface Wanted {
  readonly resultId: string;
  readonly resultsDir: string;
  readonly record: ComparisonRecord;
}

function mustHave(byId: ReadonlyMap<string, RunResult>, { resultId, resultsDir, record }: Wanted): RunResult {
  const result = byId.get(resultId);
  if (result) return result;
  const dir = planDir(resultsDir, 'comparisons', record.id);
  throw new UsageError(`${dir} has no result ${resultId}, which its comparison names: restore its file`);
}
