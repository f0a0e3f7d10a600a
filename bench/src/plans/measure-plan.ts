import { setTimeout as delay } from 'node:timers/promises';
import { comparisonOf } from '../judge/comparison.js';
import { type ComparisonRecord, writeComparison } from '../results/comparison-file.js';
import type { ComparisonPlace, RunResult } from '../results/result.js';
import type { StoredComparison } from '../results/stored-comparison.js';
import type { RunLog } from '../run/run-log.js';
import { contenderTable } from './comparison-table.js';
import { type RunDuration, remainingMs, roughDuration } from './remaining-time.js';
import { type BlocksOptions, runBlocks } from './run-blocks.js';

/** Where it is shown how a plan goes. */
export interface PlanDisplay extends RunLog {
  /** Begins a run: what it is, and how long the rest will take. */
  begin(title: string): void;
  /** Something to keep. */
  say(text: string): void;
  /** The table so far; `isBlockDone` where every contender has its run of the block. */
  show(table: string, options: { readonly isBlockDone: boolean }): void;
}

/** A plan, what runs it, and where it is shown and kept. */
export interface MeasureOptions extends Pick<BlocksOptions, 'id' | 'plan' | 'signal' | 'store'> {
  /** Does one run of a contender. */
  readonly run: (contender: string, log: RunLog) => Promise<RunResult>;
  readonly display: PlanDisplay;
  /** The comparison's own folder. */
  readonly dir: string;
}

/**
 * Runs a plan, shows how it goes, and keeps its comparison file up to date.
 *
 * @throws what runBlocks throws, after saying on the display that the plan is short and where it is kept.
 */
export async function measurePlan(options: MeasureOptions): Promise<StoredComparison> {
  const { plan, run, store, display, dir, signal } = options;
  const durations: RunDuration[] = [];
  const results: RunResult[] = [];
  let due = plan.contenders.flatMap(contender => Array<string>(plan.runs).fill(contender));
  let file = '';

  const runOne = async (contender: string, { block, position, attempt }: ComparisonPlace) => {
    const startedAtMs = performance.now();
    const again = attempt === 1 ? '' : `, attempt ${attempt}`;
    const left = roughDuration(remainingMs(due, durations, plan));
    display.begin(`block ${block} of ${plan.runs}, run ${position}: ${contender}${again}; ${left} left`);
    return run(contender, display).finally(() =>
      durations.push({ contender, durationMs: performance.now() - startedAtMs }),
    );
  };
  const save = async (record: ComparisonRecord) => {
    file = await writeComparison(record, dir);
    const last = record.runs.at(-1);
    if (!last || record.finishedAt !== null) return;
    due = dueAfter(record);
    if (last.reason !== undefined) display.say(`${last.contender} ${last.status}: ${last.reason}`);
    display.show(contenderTable(comparisonOf({ record, results }).contenders), {
      isBlockDone: last.position >= plan.contenders.length,
    });
  };

  try {
    const stored = await runBlocks({
      ...options,
      runOne,
      save,
      store: result => {
        results.push(result);
        return store(result);
      },
      coolDown: () => delay(plan.coolDownS * 1000, undefined, { signal }),
      now: () => new Date(),
    });
    display.say(`stored in ${file}`);
    return stored;
  } catch (error) {
    display.say(`the plan is short: ${results.length} runs are kept, and what became of each stands in ${file}`);
    throw error;
  }
}

/** One contender for each run that is still due. */
function dueAfter({ sequence, runs }: ComparisonRecord): string[] {
  return sequence.flatMap((contenders, index) =>
    contenders.filter(
      contender => !runs.some(run => run.block === index + 1 && run.contender === contender && run.status !== 'void'),
    ),
  );
}
