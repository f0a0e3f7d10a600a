import { ToolMissing } from '@order-bench/rig';
import { randomIndex, shuffled } from '../judge/random-index.js';
import {
  COMPARISON_SCHEMA_VERSION,
  type ComparisonPlan,
  type ComparisonRecord,
  type ComparisonRun,
} from '../results/comparison-file.js';
import type { ComparisonPlace, RunResult } from '../results/result.js';
import type { StoredComparison } from '../results/stored-comparison.js';
import { PlaceFailed } from '../sites/cluster/place-failed.js';
import { UsageError } from '../text/usage-error.js';

/** A plan, and what its runs are done with. */
export interface BlocksOptions {
  readonly id: string;
  readonly plan: ComparisonPlan;
  /**
   * Does one run; what it throws makes the run a failed one, unless it was aborted or the command used wrongly. PlaceFailed
   * makes it a void one, without a result.
   */
  readonly runOne: (contender: string, place: ComparisonPlace) => Promise<RunResult>;
  /** Stores a result; what it throws ends the plan. */
  readonly store: (result: RunResult) => Promise<unknown>;
  /** Stores the state of the whole; called at the start, after each run, and at the end however it comes. */
  readonly save: (record: ComparisonRecord) => Promise<unknown>;
  /** Waits between two runs. */
  readonly coolDown: () => Promise<unknown>;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** A run that is void as often stays void: its block then lacks the contender, and the plan is short. */
const MOST_ATTEMPTS = 3;
/** One more run that ends without a result, and the plan ends: something is broken that more runs would not mend. */
const MOST_FAILED = 3;

/**
 * Runs a plan block by block: in each every contender once, in an order drawn from the seed, then the void ones again. A
 * run that fails is recorded, ranks last and is not repeated.
 *
 * @throws the signal's reason when aborted, UsageError and ToolMissing of a run, Error after too many failed ones; what
 *   was done until then is stored, and the record says `short`.
 */
export async function runBlocks(options: BlocksOptions): Promise<StoredComparison> {
  const { id, plan, runOne, store, save, signal, now } = options;
  const startedAt = now().toISOString();
  const sequence = drawnSequence(plan);
  const runs: ComparisonRun[] = [];
  const results: RunResult[] = [];
  const record = (finishedAt: string | null): ComparisonRecord => ({
    schemaVersion: COMPARISON_SCHEMA_VERSION,
    id,
    startedAt,
    finishedAt,
    status: isComplete(runs, plan) ? 'complete' : 'short',
    plan,
    sequence,
    runs: [...runs],
    voids: runs.filter(({ status }) => status === 'void').length,
  });

  const runAt = async (contender: string, place: ComparisonPlace): Promise<ComparisonRun> => {
    const { block, position, attempt } = place;
    if (runs.length > 0) await options.coolDown();
    signal.throwIfAborted();
    let result: RunResult;
    try {
      result = { ...(await runOne(contender, place)), comparison: place };
    } catch (error) {
      if (signal.aborted || error instanceof UsageError || error instanceof ToolMissing) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      // What the place failed with is not the contender's: the run is repeated.
      const status = error instanceof PlaceFailed ? 'void' : 'failed';
      return { block, position, contender, attempt, status, resultId: null, reason };
    }
    await store(result);
    results.push(result);
    const { status, id: resultId } = result;
    return {
      ...{ block, position, contender, attempt, status, resultId },
      ...(result.status === 'complete' ? {} : { reason: result.reason }),
    };
  };

  let finished = record(null);
  await save(finished);
  try {
    for (const [index, contenders] of sequence.entries()) {
      let due: readonly string[] = contenders;
      let position = 0;
      for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
        const again: string[] = [];
        for (const contender of due) {
          position += 1;
          const run = await runAt(contender, { id, seed: plan.seed, block: index + 1, position, attempt });
          runs.push(run);
          await save(record(null));
          throwAfterTooManyFailed(runs);
          if (run.status === 'void') again.push(contender);
        }
        due = again;
      }
    }
  } finally {
    finished = record(now().toISOString());
    await save(finished);
  }
  return { record: finished, results };
}

/** The contenders of each block, in an order drawn from the seed. */
export function drawnSequence({
  contenders,
  runs,
  seed,
}: Pick<ComparisonPlan, 'contenders' | 'runs' | 'seed'>): string[][] {
  const random = randomIndex(seed);
  return Array.from({ length: runs }, () => shuffled(contenders, random));
}

function isComplete(runs: readonly ComparisonRun[], { contenders, runs: blocks }: ComparisonPlan): boolean {
  return runs.filter(({ status }) => status !== 'void').length === contenders.length * blocks;
}

function throwAfterTooManyFailed(runs: readonly ComparisonRun[]): void {
  const failed = runs.filter(({ status }) => status === 'failed');
  if (failed.length <= MOST_FAILED) return;
  const last = failed.at(-1);
  throw new Error(
    `${failed.length} runs ended without a result, at most ${MOST_FAILED} may: the last was of ${last?.contender}: ${last?.reason}`,
  );
}
