import { join } from 'node:path';
import * as v from 'valibot';
import { COUNT, filled, list, POSITIVE, TEXT, TIME } from '../text/shape.js';
import { replaceJsonFile } from './replace-json-file.js';
import { storedFormat } from './stored-format.js';

/** The version of sweep.json's shape that this program writes. */
export const SWEEP_SCHEMA_VERSION = 1;

const AXIS_VALUE = v.union([v.number(), v.string()]);

/** As it was typed; a number where it is one, so that charts can place it. */
export type AxisValue = v.InferOutput<typeof AXIS_VALUE>;

/** A setting that a sweep varies, and the values that it tries. */
export interface Axis {
  /** As the flag of `bench run` names it, without dashes. */
  readonly name: string;
  readonly values: readonly AxisValue[];
}

const CELL = v.strictObject({
  contender: TEXT,
  /** One value for each axis that means something to the contender. */
  values: v.record(v.string(), AXIS_VALUE),
});

/** One combination of the grid. */
export interface Cell extends v.InferOutput<typeof CELL> {}

/** One combination of the grid, with its result files in the folder of the sweep. */
const SWEEP_CELL = v.strictObject({ ...CELL.entries, resultFiles: list(TEXT) });

const SWEEP_PLAN = v.strictObject({
  contenders: filled(TEXT),
  vary: v.record(v.string(), filled(AXIS_VALUE)),
  /** Of each run, unless `vary` has its own. */
  orders: POSITIVE,
  /** Runs of each cell. */
  runs: POSITIVE,
  /** Decides the orders, and the order of the runs. */
  seed: COUNT,
});

/** What a sweep set out to do, fixed before its first run. */
export interface SweepPlan extends v.InferOutput<typeof SWEEP_PLAN> {}

/** The shape of a sweep's file. */
export const SWEEP_RECORD = v.strictObject({
  schemaVersion: v.literal(SWEEP_SCHEMA_VERSION),
  id: TEXT,
  startedAt: TIME,
  /** `short` until every planned run has a result file. */
  status: v.picklist(['complete', 'short']),
  plan: SWEEP_PLAN,
  cells: filled(SWEEP_CELL),
});

/** A sweep: what was planned, and the result files of each cell so far. */
export interface SweepRecord extends v.InferOutput<typeof SWEEP_RECORD> {}

/** The axes as a plan records them. */
export function varyOf(axes: readonly Axis[]): SweepPlan['vary'] {
  return Object.fromEntries(axes.map(({ name, values }) => [name, values]));
}

/** A sweep's `sweep.json`. */
export const SWEEP_FORMAT = storedFormat({ title: 'sweep', version: SWEEP_SCHEMA_VERSION, shape: SWEEP_RECORD });

/** The name of a sweep's file, in its own folder. */
export const SWEEP_FILE = 'sweep.json';

/**
 * Writes a sweep's `sweep.json`, in place of an earlier state of it; a reader sees one or the other, never half of one.
 *
 * @throws Error when the record does not fit its shape: a mistake in this program, and no file is written.
 */
export async function writeSweep(record: SweepRecord, dir: string): Promise<void> {
  SWEEP_FORMAT.check(record);
  await replaceJsonFile(join(dir, SWEEP_FILE), record);
}
