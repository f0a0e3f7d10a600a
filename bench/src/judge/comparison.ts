import type { RunResult } from '../results/result.js';
import type { StoredComparison } from '../results/stored-comparison.js';
import { logRatios, smallestPValue } from './blocked-permutation-test.js';
import { blocksOf, type ContenderRuns, type FailedRun, runPairs, runsOf } from './contender-runs.js';
import { daprBound } from './dapr-bound.js';
import { type MedianInterval, medianInterval } from './median-interval.js';
import {
  METRICS,
  type Metric,
  type MetricKey,
  metricValue,
  OTHER_METRICS,
  PRIMARY_METRIC,
  ranksLast,
} from './metrics.js';
import { type PairedDifference, pairedDifferences } from './paired-differences.js';
import type { NamedPair } from './plan-pairs.js';
import { planPairs } from './plan-pairs.js';
import { smallestDetectableRatio } from './smallest-detectable-ratio.js';
import { ALPHA, type Verdict, verdict } from './verdict.js';

/** What the runs of one plan say of its contenders. Values may be Infinity: of runs that never ended. */
export interface Comparison {
  /** Of the comparison file. */
  readonly id: string;
  readonly contenders: readonly ContenderFigures[];
  /** Every pair that the plan is about, in every metric. */
  readonly pairs: readonly PairFigures[];
  /** Runs of each contender that the plan has. */
  readonly plannedRuns: number;
  /** Runs that were begun, whatever came of them. */
  readonly runs: number;
  readonly voidRuns: number;
  /** Runs that rank last: incomplete, incorrect, or ended by a process that died. */
  readonly lastRuns: number;
  /** Why no verdict is given, where that is so. */
  readonly noClaim: string | null;
  /** Why no verdict is given in the metrics of speed, where that is so; those of CPU and memory stand. */
  readonly speedBound: string | null;
  /** Whether the blocks that are there could decide any pair in the primary metric. */
  readonly canDecide: boolean;
  /** Whether they could in any other. */
  readonly canDecideOthers: boolean;
  /** Whether it has runs on Spin itself and on Node.js, the floor aside: what the project asks about. */
  readonly hasBothSides: boolean;
}

/** One contender's figures. */
export interface ContenderFigures {
  readonly contender: string;
  /** Runs behind the figures. */
  readonly runs: number;
  /** How many of them rank last. */
  readonly lastRuns: number;
  /** The results behind the figures, by block. */
  readonly resultIds: readonly string[];
  readonly metrics: Readonly<Record<MetricKey, MetricFigures>>;
}

/** One contender in one metric. */
export interface MetricFigures extends MedianInterval {
  /** One a block. */
  readonly values: readonly number[];
}

/**
 * Contender a against contender b in one metric. Judged together, for Holm's correction, are the pairs in the primary
 * metric, and those in all others.
 */
export interface PairFigures extends PairedDifference {
  readonly metric: MetricKey;
  readonly a: string;
  readonly b: string;
  /** Blocks that hold a run of both. */
  readonly blocks: number;
  /** What it says of a; see the metric's words. */
  readonly verdict: Verdict;
  /**
   * The ratio, above 1, that this plan would find in 80 % of all comparisons at Holm's strictest step, from how much the
   * blocks vary; null where it could find none.
   */
  readonly smallestDetectableRatio: number | null;
}

/** What is known of a plan beside its results. */
export interface CompareOptions {
  readonly id: string;
  /** In the order of the plan. */
  readonly contenders: readonly string[];
  /** What is held against what. */
  readonly pairs: readonly NamedPair[];
  /** Runs of each contender. */
  readonly runs: number;
  /** Decides the simulation behind the smallest detectable ratios. */
  readonly seed: number;
  /** Runs that ended without a result, as a process died: they rank last. */
  readonly failed?: readonly FailedRun[];
  /** Runs that ended without a result because their place failed: void, as those are whose result says so. */
  readonly voidWithoutResult?: number;
}

/** Above this share of void runs there is no claim (design.md). */
const MOST_VOID = 0.1;
/** Share of comparisons that shall find the smallest detectable ratio. */
export const POWER = 0.8;

/**
 * Compares the contenders of one plan, block by block. Void runs are left out; a run that is not complete and correct
 * stays and ranks last in every metric; results of other comparisons, and without one, are ignored. What the plan is for,
 * the primary metric, is corrected for its own pairs alone; all other metrics together are one family.
 */
export function compareResults(results: readonly RunResult[], options: CompareOptions): Comparison {
  const own = results.filter(({ comparison }) => comparison?.id === options.id);
  const failed = options.failed ?? [];
  const voidWithoutResult = options.voidWithoutResult ?? 0;
  const runs = own.length + failed.length + voidWithoutResult;
  const voidRuns = own.filter(({ status }) => status === 'void').length + voidWithoutResult;
  const noClaim =
    voidRuns > runs * MOST_VOID
      ? `${voidRuns} of ${runs} runs are void, more than ${MOST_VOID * 100} %: something else used the machine`
      : null;
  const table = options.contenders.map(contender => runsOf(contender, own, failed));
  const speedBound = daprBound(own.filter(({ status }) => status !== 'void'));
  const family = (metrics: readonly Metric[]) =>
    compareFamily(metrics, table, {
      ...options,
      isDecided: ({ isSpeed }) => noClaim === null && !(isSpeed && speedBound),
    });
  const [primary, others] = [family([PRIMARY_METRIC]), family(OTHER_METRICS)];
  return {
    id: options.id,
    contenders: table.filter(({ byBlock }) => byBlock.size > 0).map(contenderFigures),
    pairs: [...primary, ...others],
    plannedRuns: options.runs,
    runs,
    voidRuns,
    lastRuns: table.reduce((sum, row) => sum + lastRuns(row), 0),
    noClaim,
    speedBound,
    canDecide: couldDecide(primary),
    canDecideOthers: couldDecide(others),
    hasBothSides: hasBothSides(own),
  };
}

function hasBothSides(results: readonly RunResult[]): boolean {
  const kinds = results.filter(({ isFloor }) => !isFloor).map(({ runtime }) => runtime.kind);
  return kinds.includes('spin') && kinds.includes('node');
}

/**
 * Of comparisons with the newest first the one to report: the newest that can decide between Spin and Node.js, else the newest
 * that can decide anything. Undefined where none can.
 */
export function comparisonToReport<T>(stored: readonly T[], judged: (one: T) => Comparison | undefined): T | undefined {
  const decides = (comparison?: Comparison) => comparison?.canDecide === true && comparison.noClaim === null;
  const deciding = stored
    .map(one => ({ one, comparison: judged(one) }))
    .filter(({ comparison }) => decides(comparison));
  return (deciding.find(({ comparison }) => comparison?.hasBothSides) ?? deciding[0])?.one;
}

function contenderFigures(row: ContenderRuns): ContenderFigures {
  const results = [...row.byBlock.values()];
  const figures = METRICS.map((metric): [MetricKey, MetricFigures] => {
    const values = results.map(result => metricValue(metric, result));
    return [metric.key, { ...medianInterval(values), values }];
  });
  return {
    contender: row.contender,
    runs: results.length,
    lastRuns: lastRuns(row),
    resultIds: results.flatMap(result => (result ? [result.id] : [])),
    metrics: Object.fromEntries(figures) as Record<MetricKey, MetricFigures>,
  };
}

function lastRuns({ byBlock }: ContenderRuns): number {
  return [...byBlock.values()].filter(ranksLast).length;
}

interface FamilyOptions extends Pick<CompareOptions, 'pairs' | 'runs' | 'seed'> {
  /** Whether a verdict may be given in a metric. */
  readonly isDecided: (metric: Metric) => boolean;
}

/** Every pair in every one of these metrics, judged together. */
function compareFamily(
  metrics: readonly Metric[],
  table: readonly ContenderRuns[],
  { pairs, runs, seed, isDecided }: FamilyOptions,
): PairFigures[] {
  const rowOf = (name: string) => table.filter(({ contender }) => contender === name);
  const rows = pairs.flatMap(({ a, b }) => rowOf(a).flatMap(ofA => rowOf(b).map(ofB => ({ a: ofA, b: ofB }))));
  const family = metrics
    .flatMap(metric => rows.map(({ a, b }) => ({ metric, a, b, blocks: blocksOf(metric, runPairs(a, b)) })))
    .filter(({ blocks }) => blocks.length > 0);
  const differences = pairedDifferences(family.map(({ blocks }) => blocks));
  return family.flatMap(({ metric, a, b, blocks }, index) => {
    const difference = differences[index];
    if (!difference) return [];
    return {
      metric: metric.key,
      a: a.contender,
      b: b.contender,
      blocks: blocks.length,
      ...difference,
      verdict: isDecided(metric) ? verdict(metric, difference) : '~',
      smallestDetectableRatio: smallestDetectableRatio(logRatios(blocks), {
        runs,
        alpha: ALPHA / family.length,
        power: POWER,
        seed,
      }),
    };
  });
}

/** Whether the largest difference, were there but one, would be decided. */
function couldDecide(family: readonly PairFigures[]): boolean {
  return family.some(({ blocks }) => smallestPValue(blocks) * family.length <= ALPHA);
}

/** What a stored comparison says. */
export function comparisonOf({ record, results }: StoredComparison): Comparison {
  const failed = record.runs.filter(({ status }) => status === 'failed');
  const voidWithoutResult = record.runs.filter(run => run.status === 'void' && run.resultId === null).length;
  const { contenders, runs, seed } = record.plan;
  const pairs = planPairs(record.plan);
  return compareResults(results, { id: record.id, contenders, pairs, runs, seed, failed, voidWithoutResult });
}
