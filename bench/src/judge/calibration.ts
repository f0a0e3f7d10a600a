import type { PlannedCalibration } from '../results/comparison-file.js';
import type { RunResult } from '../results/result.js';
import type { StoredComparison } from '../results/stored-comparison.js';
import { blockedPermutationTest, leastBlocks, logRatios } from './blocked-permutation-test.js';
import { POWER } from './comparison.js';
import { blocksOf, type RunPair, runPairs, runsOf } from './contender-runs.js';
import { median } from './median.js';
import { METRICS, type Metric, type MetricKey, PRIMARY_METRIC } from './metrics.js';
import { pairedRatio, type Ratio } from './paired-ratio.js';
import { calibrationNames } from './plan-pairs.js';
import { shareUpperBound } from './share-upper-bound.js';
import { smallestDetectableRatio } from './smallest-detectable-ratio.js';
import { ALPHA, type Verdict, verdict } from './verdict.js';

/**
 * How often comparing decides where there is nothing to decide, and whether it finds a delay that is there: all from runs
 * that took place. Each comparison in it is of one pair, at 5 %: there is nothing to correct for.
 */
export interface Calibration {
  readonly plan: PlannedCalibration;
  /** Blocks that hold a run of (A) and one of (B). */
  readonly blocks: number;
  /** How many plans they were cut into; each decides by itself, and no two share a run. */
  readonly subPlans: number;
  /** (B) against (A), a metric of a plan each. */
  readonly same: SameFigures;
  /** The same in each metric. */
  readonly metrics: readonly (SameFigures & { readonly metric: MetricKey })[];
  /** (delayed) against (A) over all blocks, in the primary metric; null where no block holds both. */
  readonly delayed: DelayedFigures | null;
  /** The least runs of each contender that find the delay in 80 %, from how much (A) and (B) differ; null if above 100. */
  readonly runsNeeded: number | null;
}

/** Comparisons of a contender with itself. */
export interface SameFigures {
  readonly comparisons: number;
  /** How many were decided all the same. */
  readonly decided: number;
  /** Of the share decided, 95 % upper bound; that it holds takes comparisons that are independent of each other. */
  readonly atMost: number;
}

/** What comparing said of the delayed runs. */
export interface DelayedFigures {
  readonly blocks: number;
  /** Share of each core that was taken from them during the drain, median over runs; null where none tells. */
  readonly takenShare: number | null;
  readonly ratio: Ratio;
  readonly pValue: number;
  /** `worse` where the delay was found. */
  readonly verdict: Verdict;
}

/** More runs than anybody will make. */
export const MOST_RUNS = 100;

/**
 * What a calibration's runs say.
 *
 * @throws RangeError for a comparison that is no calibration.
 */
export function calibrationOf({ record, results }: StoredComparison): Calibration {
  const { calibration: plan, seed } = record.plan;
  if (!plan) throw new RangeError(`comparison ${record.id} is no calibration`);
  const names = calibrationNames(plan.contender);
  const own = results.filter(({ comparison }) => comparison?.id === record.id);
  const failed = record.runs.filter(({ status }) => status === 'failed');
  const [first, second, delayed] = [names.first, names.second, names.delayed].map(name => runsOf(name, own, failed));
  const same = first && second ? runPairs(second, first) : [];
  const parts = subPlans(same);
  const metrics = METRICS.map(metric => ({
    metric: metric.key,
    ...sameFigures(parts.map(part => judged(metric, part).verdict)),
  }));
  return {
    plan,
    blocks: same.length,
    subPlans: parts.length,
    same: sameFigures(parts.flatMap(part => METRICS.map(metric => judged(metric, part).verdict))),
    metrics,
    delayed: first && delayed ? delayedFigures(runPairs(delayed, first)) : null,
    runsNeeded: leastRuns(logRatios(blocksOf(PRIMARY_METRIC, same)), { ratio: 1 + plan.delayShare, seed }),
  };
}

/** Cut into consecutive plans of at least the 6 blocks that can decide at 5 %: as many as there can be, of even size. */
export function subPlans<T>(blocks: readonly T[]): T[][] {
  const parts = Math.floor(blocks.length / leastBlocks(ALPHA));
  const end = (part: number) => Math.floor((part * blocks.length) / parts);
  return Array.from({ length: parts }, (_, part) => blocks.slice(end(part), end(part + 1)));
}

function sameFigures(verdicts: readonly Verdict[]): SameFigures {
  const decided = verdicts.filter(one => one !== '~').length;
  return { comparisons: verdicts.length, decided, atMost: shareUpperBound(decided, verdicts.length) };
}

function delayedFigures(pairs: readonly RunPair[]): DelayedFigures | null {
  if (pairs.length === 0) return null;
  const shares = pairs.map(({ a }) => a && takenShareOf(a)).filter(share => share !== null && share !== undefined);
  return {
    blocks: pairs.length,
    takenShare: shares.length === 0 ? null : median(shares),
    ...judged(PRIMARY_METRIC, pairs),
  };
}

/** One pair by itself. */
function judged(metric: Metric, pairs: readonly RunPair[]) {
  const blocks = blocksOf(metric, pairs);
  const [ratio, pValue] = [pairedRatio(blocks), blockedPermutationTest(blocks)];
  return { ratio, pValue, verdict: verdict(metric, { ratio, adjustedPValue: pValue }) };
}

/** By doubling, then by halving: more runs find more. */
function leastRuns(seen: readonly number[], { ratio, seed }: { ratio: number; seed: number }): number | null {
  const suffices = (runs: number) =>
    (smallestDetectableRatio(seen, { runs, alpha: ALPHA, power: POWER, seed }) ?? Number.POSITIVE_INFINITY) <= ratio;
  let [tooFew, enough] = [0, leastBlocks(ALPHA)];
  while (!suffices(enough)) {
    if (enough === MOST_RUNS) return null;
    [tooFew, enough] = [enough, Math.min(2 * enough, MOST_RUNS)];
  }
  while (enough - tooFew > 1) {
    const runs = Math.floor((tooFew + enough) / 2);
    if (suffices(runs)) enough = runs;
    else tooFew = runs;
  }
  return enough;
}

/** Share of each core that was taken from a run during its drain, 0 to 1; null for one that nothing was taken from. */
export function takenShareOf({ settings }: RunResult): number | null {
  return settings.coreThief?.takenShare ?? null;
}
