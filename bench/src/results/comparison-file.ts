import { join } from 'node:path';
import * as v from 'valibot';
import { GIVEN_TUNING } from '../contenders/tuning-flags.js';
import { COUNT, filled, list, POSITIVE, TEXT, TIME } from '../text/shape.js';
import { replaceJsonFile } from './replace-json-file.js';
import { ID } from './result.js';
import { storedFormat } from './stored-format.js';

/** The version of a comparison file's shape that this program writes. */
export const COMPARISON_SCHEMA_VERSION = 2;

const PLANNED_CALIBRATION = v.strictObject({
  contender: TEXT,
  /** What was to be taken of each core beside the delayed runs; what was taken stands in their settings. */
  delayShare: v.pipe(v.number(), v.gtValue(0), v.ltValue(1)),
});

/** What a calibration was made with. */
export interface PlannedCalibration extends v.InferOutput<typeof PLANNED_CALIBRATION> {}

/** What a plan can be about the cost of. */
export const COST_OF = ['live', 'tracing', 'events'] as const;

const PLANNED_COST = v.strictObject({
  contender: TEXT,
  /** What is on: the live page, with somebody who looks, traces of the orders, or an event of each order that is written. */
  what: v.picklist(COST_OF),
});

/** What is to be known the cost of. */
export interface PlannedCost extends v.InferOutput<typeof PLANNED_COST> {}

const PLANNED_BASE = v.strictObject({
  /** As it was named. */
  ref: TEXT,
  /** Its full hash. */
  commit: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)),
});

/** What a base was built from. */
export interface PlannedBase extends v.InferOutput<typeof PLANNED_BASE> {}

const COMPARISON_PLAN = v.strictObject({
  contenders: filled(TEXT),
  /** Runs of each contender: one a block. */
  runs: POSITIVE,
  /** Valid orders of each run. */
  orders: POSITIVE,
  /** Decides the orders, and the order of the contenders in each block. */
  seed: COUNT,
  /** Between two runs. */
  coolDownS: COUNT,
  /** Settings that all contenders were given in place of their own. */
  tuning: GIVEN_TUNING,
  /** One contender under three names, to see how sure the comparing is; see calibrationNames. */
  calibration: v.exactOptional(PLANNED_CALIBRATION),
  /** Each contender beside itself, built from another commit; see baseName. */
  base: v.exactOptional(PLANNED_BASE),
  /** One contender under two names, with something on and without it; see costNames. */
  costOf: v.exactOptional(PLANNED_COST),
});

/** What a comparison set out to do, fixed before its first run. */
export interface ComparisonPlan extends v.InferOutput<typeof COMPARISON_PLAN> {}

/** Whether a plan is about what its contenders are worth, and not about one of them under several names. */
export function comparesContenders({ calibration, base, costOf }: ComparisonPlan): boolean {
  return calibration === undefined && base === undefined && costOf === undefined;
}

const COMPARISON_RUN = v.strictObject({
  block: POSITIVE,
  /** In the block; repeated runs come last. */
  position: POSITIVE,
  contender: TEXT,
  /** Above 1 where void runs were repeated. */
  attempt: POSITIVE,
  /** `failed`: it threw, as a process died or the warm-up came to nothing; there is no result, and it ranks last. */
  status: v.picklist(['complete', 'checked', 'incomplete', 'void', 'failed']),
  /** Null for a failed run, and for a void one whose place failed. */
  resultId: v.nullable(ID),
  /** Why, where it is not complete. */
  reason: v.exactOptional(TEXT),
});

/** One run of a plan. */
export interface ComparisonRun extends v.InferOutput<typeof COMPARISON_RUN> {}

/** The shape of a comparison's file. */
export const COMPARISON_RECORD = v.strictObject({
  schemaVersion: v.literal(COMPARISON_SCHEMA_VERSION),
  id: TEXT,
  startedAt: TIME,
  /** Null until it ended, and for ever where it was killed. */
  finishedAt: v.nullable(TIME),
  /** `short` until every contender has a run that is not void in every block. */
  status: v.picklist(['complete', 'short']),
  plan: COMPARISON_PLAN,
  /** The contenders of each block in the order that was drawn. */
  sequence: filled(filled(TEXT)),
  /** Every run that was begun and ended, in the order in which they were. */
  runs: list(COMPARISON_RUN),
  /** How many of them are void. */
  voids: COUNT,
});

/** A comparison: what was planned, and what became of each run so far. Its results are files beside it. */
export interface ComparisonRecord extends v.InferOutput<typeof COMPARISON_RECORD> {}

/** A comparison's file. */
export const COMPARISON_FORMAT = storedFormat({
  title: 'comparison',
  version: COMPARISON_SCHEMA_VERSION,
  shape: COMPARISON_RECORD,
});

/** The name of a comparison's file, in its own folder. */
export const COMPARISON_FILE = 'comparison.json';

/**
 * Writes a comparison's `comparison.json`, in place of an earlier state of it; a reader sees one or the other, never half
 * of one.
 *
 * @param dir the comparison's own folder.
 *
 * @returns the file's path.
 * @throws Error when the record does not fit its shape: a mistake in this program, and no file is written.
 */
export async function writeComparison(record: ComparisonRecord, dir: string): Promise<string> {
  COMPARISON_FORMAT.check(record);
  const file = join(dir, COMPARISON_FILE);
  await replaceJsonFile(file, record);
  return file;
}
