import { join } from 'node:path';
import { replaceJsonFile } from '../replace-json-file.js';
import { storedFormat } from '../stored-format.js';
import type { Axis, AxisValue, Cell } from './grid.js';

/** The version of sweep.json's shape that this program writes; see bench/schemas/sweep.schema.json. */
export const SWEEP_SCHEMA_VERSION = 1;

/** A sweep: what was planned, and the result files of each cell so far. */
export interface SweepRecord {
  readonly schemaVersion: typeof SWEEP_SCHEMA_VERSION;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** `short` until every planned run has a result file. */
  readonly status: 'complete' | 'short';
  readonly plan: SweepPlan;
  readonly cells: readonly SweepCell[];
}

/** What a sweep set out to do, fixed before its first run. */
export interface SweepPlan {
  readonly contenders: readonly string[];
  readonly vary: Readonly<Record<string, readonly AxisValue[]>>;
  /** Of each run, unless `vary` has its own. */
  readonly orders: number;
  /** Runs of each cell. */
  readonly runs: number;
  /** Decides the orders, and the order of the runs. */
  readonly seed: number;
}

/** One combination of the grid, with its result files in the folder of the sweep. */
export interface SweepCell extends Cell {
  readonly resultFiles: readonly string[];
}

/** The axes as a plan records them. */
export function varyOf(axes: readonly Axis[]): SweepPlan['vary'] {
  return Object.fromEntries(axes.map(({ name, values }) => [name, values]));
}

/** A sweep's `sweep.json`. */
export const SWEEP_FORMAT = storedFormat<SweepRecord>(SWEEP_SCHEMA_VERSION, 'sweep.schema.json');

/**
 * Writes a sweep's `sweep.json`, in place of an earlier state of it; a reader sees one or the other, never half of one.
 *
 * @throws Error when the record does not fit the published schema: a mistake in this program, and no file is written.
 */
export async function writeSweep(record: SweepRecord, dir: string): Promise<void> {
  SWEEP_FORMAT.check(record);
  await replaceJsonFile(join(dir, 'sweep.json'), record);
}
