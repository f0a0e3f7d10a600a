import { probit } from 'simple-statistics';
import { smallestPValue } from '../stats/blocked-permutation-test.js';
import { smallestDetectableRatio } from '../stats/smallest-detectable-ratio.js';
import { POWER } from './comparison.js';
import type { ComparisonPlan } from './comparison-file.js';
import { pairsOf } from './pairs-of.js';
import { ALPHA } from './verdict.js';

/** What a plan can see, known before its first run. */
export interface PlanSight {
  readonly pairs: number;
  /** Level of Holm's strictest step. */
  readonly strictestAlpha: number;
  /** The smallest p value that its blocks can give. */
  readonly smallestPValue: number;
  /** Whether one difference alone, however large, can be decided. */
  readonly canDecide: boolean;
  /** The least runs with which it can. */
  readonly leastRuns: number;
  /** What it finds in 80 % where the log ratios within blocks vary as assumed; null where nothing. */
  readonly detectableRatio: number | null;
}

/** Standard deviation of the log ratio of two contenders within a block that is assumed before anything is measured. */
export const ASSUMED_SPREAD = 0.05;

/** What a plan can decide, and how small a difference it is likely to find. */
export function planSight({ contenders, runs, seed }: Pick<ComparisonPlan, 'contenders' | 'runs' | 'seed'>): PlanSight {
  const pairs = pairsOf(contenders).length;
  const strictestAlpha = ALPHA / Math.max(1, pairs);
  const canDecide = (blocks: number) => smallestPValue(blocks) <= strictestAlpha;
  let leastRuns = 1;
  while (!canDecide(leastRuns)) leastRuns += 1;
  const assumed = Array.from({ length: 99 }, (_, index) => ASSUMED_SPREAD * probit((index + 0.5) / 99));
  return {
    pairs,
    strictestAlpha,
    smallestPValue: smallestPValue(runs),
    canDecide: pairs > 0 && canDecide(runs),
    leastRuns,
    detectableRatio: smallestDetectableRatio(assumed, { runs, alpha: strictestAlpha, power: POWER, seed }),
  };
}
