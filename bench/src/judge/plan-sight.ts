import { probit } from 'simple-statistics';
import { leastBlocks, smallestPValue } from './blocked-permutation-test.js';
import { POWER } from './comparison.js';
import { smallestDetectableRatio } from './smallest-detectable-ratio.js';
import { ALPHA } from './verdict.js';

/** What a plan can see of comparisons that are corrected together, known before its first run. */
export interface PlanSight {
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

/** How much is compared, and how often. */
export interface SightOptions {
  /** Pairs, or pairs times metrics, that Holm's correction takes together. */
  readonly comparisons: number;
  /** Runs of each contender: blocks. */
  readonly runs: number;
  /** Decides the simulation. */
  readonly seed: number;
}

/** Standard deviation of the log ratio of two contenders within a block that is assumed before anything is measured. */
export const ASSUMED_SPREAD = 0.05;

/** What a plan can decide, and how small a difference it is likely to find. */
export function planSight({ comparisons, runs, seed }: SightOptions): PlanSight {
  const strictestAlpha = ALPHA / Math.max(1, comparisons);
  const leastRuns = leastBlocks(strictestAlpha);
  const assumed = Array.from({ length: 99 }, (_, index) => ASSUMED_SPREAD * probit((index + 0.5) / 99));
  return {
    strictestAlpha,
    smallestPValue: smallestPValue(runs),
    canDecide: comparisons > 0 && runs >= leastRuns,
    leastRuns,
    detectableRatio: smallestDetectableRatio(assumed, { runs, alpha: strictestAlpha, power: POWER, seed }),
  };
}
