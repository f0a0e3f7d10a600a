import type { RunResult } from '../results/result.js';
import type { Block } from './blocked-permutation-test.js';
import { type Metric, metricValue } from './metrics.js';

/** A contender's runs by block; undefined for one that left no result. */
export interface ContenderRuns {
  readonly contender: string;
  readonly byBlock: ReadonlyMap<number, RunResult | undefined>;
}

/** A run that ended without a result, as a process died: it ranks last. */
export interface FailedRun {
  readonly contender: string;
  readonly block: number;
}

/** Two runs of one block; undefined for one that left no result. */
export interface RunPair {
  readonly a: RunResult | undefined;
  readonly b: RunResult | undefined;
}

/** The runs of a contender that count: void ones do not. */
export function runsOf(contender: string, results: readonly RunResult[], failed: readonly FailedRun[]): ContenderRuns {
  const counted = results.filter(result => result.contender === contender && result.status !== 'void');
  const entries: [number, RunResult | undefined][] = [
    ...failed.filter(run => run.contender === contender).map(({ block }): [number, undefined] => [block, undefined]),
    ...counted.map((result): [number, RunResult] => [result.comparison?.block ?? 0, result]),
  ];
  return { contender, byBlock: new Map(entries.sort(([x], [y]) => x - y)) };
}

/** The runs of two contenders in the blocks that hold both, in the order of the blocks. */
export function runPairs(a: ContenderRuns, b: ContenderRuns): RunPair[] {
  return [...a.byBlock]
    .filter(([block]) => b.byBlock.has(block))
    .map(([block, result]) => ({ a: result, b: b.byBlock.get(block) }));
}

/** What pairs of runs measured in one metric. */
export function blocksOf(metric: Metric, pairs: readonly RunPair[]): Block[] {
  return pairs.map(({ a, b }) => ({ a: metricValue(metric, a), b: metricValue(metric, b) }));
}
