import { join } from 'node:path';
import { replaceJsonFile } from '../replace-json-file.js';
import { storedFormat } from '../stored-format.js';
import type { TuningFlags } from '../tuning-flags.js';

/** The version of a comparison file's shape that this program writes; see bench/schemas/comparison.schema.json. */
export const COMPARISON_SCHEMA_VERSION = 2;

/** A comparison: what was planned, and what became of each run so far. Its results are files of their own. */
export interface ComparisonRecord {
  readonly schemaVersion: typeof COMPARISON_SCHEMA_VERSION;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Null until it ended, and for ever where it was killed. */
  readonly finishedAt: string | null;
  /** `short` until every contender has a run that is not void in every block. */
  readonly status: 'complete' | 'short';
  readonly plan: ComparisonPlan;
  /** The contenders of each block in the order that was drawn. */
  readonly sequence: readonly (readonly string[])[];
  /** Every run that was begun and ended, in the order in which they were. */
  readonly runs: readonly ComparisonRun[];
  /** How many of them are void. */
  readonly voids: number;
}

/** What a comparison set out to do, fixed before its first run. */
export interface ComparisonPlan {
  readonly contenders: readonly string[];
  /** Runs of each contender: one a block. */
  readonly runs: number;
  /** Valid orders of each run. */
  readonly orders: number;
  /** Decides the orders, and the order of the contenders in each block. */
  readonly seed: number;
  /** Between two runs. */
  readonly coolDownS: number;
  /** Settings that all contenders were given in place of their own. */
  readonly tuning: TuningFlags;
  /** One contender under three names, to see how sure the comparing is; see calibrationNames. */
  readonly calibration?: PlannedCalibration;
  /** Each contender beside itself, built from another commit; see baseName. */
  readonly base?: PlannedBase;
}

/** What a calibration was made with. */
export interface PlannedCalibration {
  readonly contender: string;
  /** What was to be taken of each core beside the delayed runs, 0 to 1; what was taken stands in their settings. */
  readonly delayShare: number;
}

/** What a base was built from. */
export interface PlannedBase {
  /** As it was named. */
  readonly ref: string;
  /** Its full hash. */
  readonly commit: string;
}

/** Whether a plan is about what its contenders are worth, and not about one of them under several names. */
export function comparesContenders({ calibration, base }: ComparisonPlan): boolean {
  return calibration === undefined && base === undefined;
}

/** One run of a plan. */
export interface ComparisonRun {
  /** From 1. */
  readonly block: number;
  /** In the block, from 1; repeated runs come last. */
  readonly position: number;
  readonly contender: string;
  /** From 1; above it where void runs were repeated. */
  readonly attempt: number;
  /** `failed`: it threw, as a process died or the warm-up came to nothing; there is no result, and it ranks last. */
  readonly status: 'complete' | 'incomplete' | 'void' | 'failed';
  /** Null for a failed run, and for a void one whose place failed. */
  readonly resultId: string | null;
  /** Why, where it is not complete. */
  readonly reason?: string;
}

/** A comparison's file. */
export const COMPARISON_FORMAT = storedFormat<ComparisonRecord>(COMPARISON_SCHEMA_VERSION, 'comparison.schema.json');

/** Where a results folder keeps its comparisons. */
export const COMPARISONS_FOLDER = 'comparisons';

/**
 * Writes `comparisons/<id>.json` in a results folder, in place of an earlier state of it; a reader sees one or the other,
 * never half of one.
 *
 * @returns the file's path.
 * @throws Error when the record does not fit the published schema: a mistake in this program, and no file is written.
 */
export async function writeComparison(record: ComparisonRecord, resultsDir: string): Promise<string> {
  COMPARISON_FORMAT.check(record);
  const file = join(resultsDir, COMPARISONS_FOLDER, `${record.id}.json`);
  await replaceJsonFile(file, record);
  return file;
}
