import { type Block, logRatios } from './block.js';
import { criticalRankSum } from './blocked-permutation-test.js';
import { median } from './median.js';
import { criticalPairs } from './rank-sum-test.js';

/** By how much two contenders differ. */
export interface Ratio {
  /** Median of a over median of b; 1 where neither median is worth more than the other. */
  readonly ratio: number;
  /** 0 where the runs are too few, or too many never ended, for a lower bound. */
  readonly low: number;
  /** Infinity where there is no upper bound. */
  readonly high: number;
}

/**
 * The ratio of medians, with the interval of every ratio that the blocked permutation test would not reject: of the means
 * of all pairs of log ratios, those at its critical values. So interval and test never contradict each other. Where the
 * ratio of medians itself falls outside (blocks that differ much), the interval is widened to hold it.
 *
 * Source: J. L. Hodges, E. L. Lehmann, Estimates of location based on rank tests, Annals of Mathematical Statistics 34
 * (1963).
 *
 * @param confidence as a share, at least this is reached.
 */
export function ratioOfMedians(blocks: readonly Block[], confidence = 0.95): Ratio {
  const { rankSum } = criticalRankSum(blocks.length, 1 - confidence);
  const means = pairMeans(logRatios(blocks));
  return widened(
    medianRatio(
      blocks.map(({ a }) => a),
      blocks.map(({ b }) => b),
    ),
    means,
    rankSum,
  );
}

/** The ratio of b to a. */
export function inverse({ ratio, low, high }: Ratio): Ratio {
  return { ratio: 1 / ratio, low: 1 / high, high: 1 / low };
}

/** The same for runs that share no blocks: of all ratios of one run each, those at the rank-sum test's critical values. */
export function independentRatioOfMedians(a: readonly number[], b: readonly number[], confidence = 0.95): Ratio {
  const differences = a.flatMap(x => b.map(y => (x === y ? 0 : Math.log(x / y))));
  return widened(medianRatio(a, b), differences, criticalPairs(a.length, b.length, 1 - confidence));
}

/**
 * The means of all pairs of differences, each with itself too, unsorted; NaN for one run that never ended on each side,
 * of which nothing can be said.
 */
export function pairMeans(differences: readonly number[]): number[] {
  return differences.flatMap((x, index) => differences.slice(index).map(y => (x + y) / 2));
}

function widened(ratio: number, differences: readonly number[], cut: number): Ratio {
  if (cut < 0) return { ratio, low: 0, high: Number.POSITIVE_INFINITY };
  const sorted = (unknown: number) =>
    differences.map(difference => (Number.isNaN(difference) ? unknown : difference)).sort((x, y) => x - y);
  const low = Math.exp(sorted(Number.NEGATIVE_INFINITY)[cut] ?? Number.NEGATIVE_INFINITY);
  const high = Math.exp(sorted(Number.POSITIVE_INFINITY).at(-1 - cut) ?? Number.POSITIVE_INFINITY);
  return { ratio, low: Math.min(low, ratio), high: Math.max(high, ratio) };
}

function medianRatio(a: readonly number[], b: readonly number[]): number {
  const [ofA, ofB] = [median(a), median(b)];
  return ofA === ofB ? 1 : ofA / ofB;
}
