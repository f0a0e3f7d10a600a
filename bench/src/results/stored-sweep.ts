import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlanResults, type StoredResult } from './read-results.js';
import { planDir, planIds } from './results-folder.js';
import { SWEEP_FILE, SWEEP_FORMAT, type SweepRecord } from './sweep-file.js';

/** A sweep with the results of its cells. */
export interface Sweep {
  readonly record: SweepRecord;
  readonly cells: readonly SweepCellRuns[];
}

/** One combination of a sweep. */
export interface SweepCellRuns {
  readonly contender: string;
  readonly values: SweepRecord['cells'][number]['values'];
  readonly runs: readonly StoredResult[];
}

/**
 * Every sweep of a results folder, the oldest first.
 *
 * @throws UsageError for a file that can't be read.
 */
export async function readSweeps(resultsDir: string): Promise<Sweep[]> {
  const ids = await planIds(resultsDir, 'sweeps');
  const sweeps = await Promise.all(ids.map(id => readSweep(resultsDir, id)));
  return sweeps.sort((a, b) => a.record.startedAt.localeCompare(b.record.startedAt));
}

async function readSweep(resultsDir: string, id: string): Promise<Sweep> {
  const file = join(planDir(resultsDir, 'sweeps', id), SWEEP_FILE);
  const record = SWEEP_FORMAT.parse(await readFile(file, 'utf8'), file);
  const runs = await readPlanResults(resultsDir, 'sweeps', id);
  const byFile = new Map(runs.map(run => [run.file, run]));
  const cells = record.cells.map(({ contender, values, resultFiles }) => ({
    contender,
    values,
    runs: resultFiles.map(name => byFile.get(`sweeps/${id}/${name}`)).filter(run => run !== undefined),
  }));
  return { record, cells };
}
