import { type Block, criticalRankSum, logRatios } from './blocked-permutation-test.js';
import { median } from './median.js';

/** By how much two contenders differ. */
export interface Ratio {
  /** What a is of b: the Hodges-Lehmann estimate; 1 where neither is worth more than the other. */
  readonly ratio: number;
  /** 0 where the runs are too few, or too many never ended, for a lower bound. */
  readonly low: number;
  /** Infinity where there is no upper bound. */
  readonly high: number;
}

/**
 * The ratio of a to b with its interval, both of one estimator: of the means of all pairs of the blocks' log ratios (Walsh
 * averages) the median is the estimate, and those at the critical values of the signed-rank test are the bounds. So the
 * interval holds every ratio that the blocked permutation test would not reject, holds the estimate always, and never
 * contradicts the test. Where more than 29 % of one side's runs never ended, the estimate is that it never ends.
 *
 * Source: J. L. Hodges, E. L. Lehmann, Estimates of location based on rank tests, Annals of Mathematical Statistics 34
 * (1963).
 *
 * @param blocks at least one.
 * @param confidence as a share, at least this is reached: by this interval alone, whatever else is compared beside it.
 */
export function pairedRatio(blocks: readonly Block[], confidence = 0.95): Ratio {
  const { shift, low, high } = hodgesLehmann(logRatios(blocks), confidence);
  return { ratio: Math.exp(shift), low: Math.exp(low), high: Math.exp(high) };
}

/** By how much one contender has more than another, in the unit of what was measured. */
export interface Shift {
  /** a less b: the Hodges-Lehmann estimate. */
  readonly shift: number;
  /** -Infinity where the runs are too few for a lower bound. */
  readonly low: number;
  /** Infinity where they are for an upper one. */
  readonly high: number;
}

/**
 * The same estimator on the differences themselves, a less b.
 *
 * @param blocks at least one, all of runs that ended.
 * @param confidence as in pairedRatio.
 */
export function pairedShift(blocks: readonly Block[], confidence = 0.95): Shift {
  return hodgesLehmann(
    blocks.map(({ a, b }) => a - b),
    confidence,
  );
}

function hodgesLehmann(differences: readonly number[], confidence: number): Shift {
  const averages = walshAverages(differences);
  const known = averages.filter(average => !Number.isNaN(average));
  // One run on each side that never ended says as much for either side of every ratio: it halves evenly, and drops out.
  const estimate = median([...known]);
  const shift = Number.isNaN(estimate) ? 0 : estimate;
  const { rankSum } = criticalRankSum(differences.length, 1 - confidence);
  if (rankSum < 0) return { shift, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const sorted = (unknown: number) => averages.map(average => (Number.isNaN(average) ? unknown : average)).sort();
  return {
    shift,
    low: sorted(Number.NEGATIVE_INFINITY)[rankSum] ?? Number.NEGATIVE_INFINITY,
    high: sorted(Number.POSITIVE_INFINITY).at(-1 - rankSum) ?? Number.POSITIVE_INFINITY,
  };
}

/** For a person: `1.060 [1.036, 1.081]`. */
export function ratioText({ ratio, low, high }: Ratio): string {
  const [point, from, to] = [ratio, low, high].map(value => (Number.isFinite(value) ? value.toFixed(3) : 'inf'));
  return `${point} [${from}, ${to}]`;
}

/** The ratio of b to a. */
export function inverse({ ratio, low, high }: Ratio): Ratio {
  return { ratio: 1 / ratio, low: 1 / high, high: 1 / low };
}

/**
 * The means of all pairs of differences, each with itself too, unsorted; NaN for one run that never ended on each side,
 * of which nothing can be said.
 */
function walshAverages(differences: readonly number[]): Float64Array {
  const averages = new Float64Array((differences.length * (differences.length + 1)) / 2);
  let count = 0;
  for (const [index, x] of differences.entries()) {
    for (const y of differences.slice(index)) averages[count++] = (x + y) / 2;
  }
  return averages;
}

/**
 * Of the sorted Walsh averages the one at an index, without making them all: a report asks for it a hundred thousand
 * times, mostly for one of the first.
 *
 * @param differences finite.
 */
export function walshAverageAt(differences: readonly number[], index: number): number {
  const sorted = new Float64Array(differences).sort();
  const lowest = new Float64Array((sorted.length * (sorted.length + 1)) / 2);
  let count = 0;
  for (let first = 0; first < sorted.length; first++) {
    for (let second = first; second < sorted.length; second++) {
      // So many pairs, this one among them, have no larger part than this one: where they fill the places up to the index
      // without it, it is not needed.
      const notAbove = (first + 1) * (second + 1) - (first * (first + 1)) / 2;
      if (notAbove > index + 1) break;
      lowest[count++] = ((sorted[first] ?? Number.NaN) + (sorted[second] ?? Number.NaN)) / 2;
    }
  }
  return lowest.subarray(0, count).sort()[index] ?? Number.NaN;
}
