import { basename } from 'node:path';
import { randomIndex, shuffled } from '../judge/random-index.js';
import type { Cell } from '../results/sweep-file.js';
import { SWEEP_SCHEMA_VERSION, type SweepPlan, type SweepRecord, writeSweep } from '../results/sweep-file.js';

/** What a sweep does, and with what. */
export interface SweepOptions<Result> {
  readonly id: string;
  readonly startedAt: Date;
  readonly plan: SweepPlan;
  readonly cells: readonly Cell[];
  /** Folder of this sweep alone: its sweep.json and its result files. */
  readonly dir: string;
  /** Does one run of a cell and stores its result in `dir`; what it throws ends the sweep. */
  readonly runOne: (cell: Cell, progress: SweepProgress) => Promise<StoredRun<Result>>;
}

/** A run's result, and the path of its file. */
export interface StoredRun<Result> {
  readonly result: Result;
  readonly file: string;
}

/** How far a sweep is, as a run begins. */
export interface SweepProgress {
  /** Runs that are stored. */
  readonly done: number;
  readonly total: number;
}

/** A cell and the results of its runs so far. */
export interface CellResults<Result> {
  readonly cell: Cell;
  readonly results: readonly Result[];
}

/**
 * Runs every cell of a grid as often as planned and stores the state of the whole after each run: however the sweep
 * ends, what is done is kept, and sweep.json says `short` until nothing is missing.
 *
 * @throws whatever `runOne` does.
 */
export async function runSweep<Result>(options: SweepOptions<Result>): Promise<readonly CellResults<Result>[]> {
  const { id, startedAt, plan, cells, dir, runOne } = options;
  const stored = cells.map(cell => ({ cell, results: [] as Result[], files: [] as string[] }));
  const sequence = runSequence({ cells: cells.length, runs: plan.runs, seed: plan.seed });
  const save = (done: number) => {
    const record: SweepRecord = {
      schemaVersion: SWEEP_SCHEMA_VERSION,
      id,
      startedAt: startedAt.toISOString(),
      status: done === sequence.length ? 'complete' : 'short',
      plan,
      cells: stored.map(({ cell, files }) => ({ ...cell, resultFiles: [...files] })),
    };
    return writeSweep(record, dir);
  };
  await save(0);
  for (const [done, index] of sequence.entries()) {
    const entry = stored[index];
    if (!entry) throw new RangeError(`there is no cell ${index}`);
    const { result, file } = await runOne(entry.cell, { done, total: sequence.length });
    entry.results.push(result);
    entry.files.push(basename(file));
    await save(done + 1);
  }
  return stored.map(({ cell, results }) => ({ cell, results }));
}

/**
 * The cells by their index, in the order in which they run: as many rounds as runs, each of all cells in an order drawn
 * from the seed, so that what changes on the machine over time meets every cell alike, and a sweep that was stopped has
 * nearly as many runs of one cell as of another.
 */
export function runSequence({ cells, runs, seed }: { cells: number; runs: number; seed: number }): number[] {
  const random = randomIndex(seed);
  const indices = Array.from({ length: cells }, (_, index) => index);
  return Array.from({ length: runs }, () => shuffled(indices, random)).flat();
}
