import { quantile } from 'simple-statistics';
import { criticalRankSum } from './blocked-permutation-test.js';
import { median } from './median.js';
import { walshAverageAt } from './paired-ratio.js';
import { randomIndex } from './random-index.js';

/** The plan whose sight is asked for. */
export interface Sight {
  /** Blocks that the plan has. */
  readonly runs: number;
  /** Level of one test: after Holm over m pairs, the strictest step of it is alpha / m. */
  readonly alpha: number;
  /** Share of the comparisons that shall find the difference. */
  readonly power: number;
  readonly seed: number;
}

const SIMULATED = 400;

/**
 * The smallest ratio, above 1, that a plan finds in `power` of all comparisons, given how much the log ratios of blocks
 * vary: such plans are drawn from the observed deviations with either sign, and for each the shift is taken from which on
 * the signed-rank test rejects. Null where it can't: fewer than three finite log ratios, or runs too few to ever decide.
 */
export function smallestDetectableRatio(
  logRatiosSeen: readonly number[],
  { runs, alpha, power, seed }: Sight,
): number | null {
  const seen = logRatiosSeen.filter(Number.isFinite);
  const { rankSum } = criticalRankSum(runs, alpha);
  if (seen.length < 3 || rankSum < 0) return null;
  const centre = median(seen);
  // Deviations from a centre that was made of the same values are too small by this much.
  const scale = Math.sqrt(seen.length / (seen.length - 1));
  const deviations = seen.map(value => (value - centre) * scale);
  const random = randomIndex(seed);
  const draw = () => (deviations[random(deviations.length)] ?? 0) * (random(2) === 0 ? 1 : -1);
  const shifts = Array.from({ length: SIMULATED }, () => -walshAverageAt(Array.from({ length: runs }, draw), rankSum));
  return Math.exp(Math.max(0, quantile(shifts, power)));
}
