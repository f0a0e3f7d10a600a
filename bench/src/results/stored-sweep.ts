import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlanResults, type StoredResult } from './read-results.js';
import { type PlanKind, planDir, planIds } from './results-folder.js';
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

/** Plans that are kept as sweeps are: a grid of cells, each run several times. */
type GridKind = Extract<PlanKind, 'sweeps' | 'scale'>;

/**
 * Every sweep of a results folder, or every series of `bench scale`, the oldest first.
 *
 * @throws UsageError for a file that can't be read.
 */
export async function readSweeps(resultsDir: string, kind: GridKind = 'sweeps'): Promise<Sweep[]> {
  const ids = await planIds(resultsDir, kind);
  const sweeps = await Promise.all(ids.map(id => readSweep(resultsDir, kind, id)));
  return sweeps.sort((a, b) => a.record.startedAt.localeCompare(b.record.startedAt));
}

async function readSweep(resultsDir: string, kind: GridKind, id: string): Promise<Sweep> {
  const file = join(planDir(resultsDir, kind, id), SWEEP_FILE);
  const record = SWEEP_FORMAT.parse(await readFile(file, 'utf8'), file);
  const runs = await readPlanResults(resultsDir, kind, id);
  const byFile = new Map(runs.map(run => [run.file, run]));
  const cells = record.cells.map(({ contender, values, resultFiles }) => ({
    contender,
    values,
    runs: resultFiles.map(name => byFile.get(`${kind}/${id}/${name}`)).filter(run => run !== undefined),
  }));
  return { record, cells };
}
