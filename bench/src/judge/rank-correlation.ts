import { sampleRankCorrelation } from 'simple-statistics';
import { ALPHA } from './verdict.js';

/** Whether of two figures of the same things one goes with the other. */
export interface RankCorrelation {
  /** Spearman's, -1 to 1. */
  readonly correlation: number;
  /** Two-sided and exact: the share of all orders of the second that go with the first at least as much. */
  readonly pValue: number;
  /** The least correlation, above 0, that so many things could decide; null where they are too few for any. */
  readonly smallestDecided: number | null;
}

/** Pairs beyond these are left out: the orders of 8 are 40,320, those of 9 nine times as many. */
export const MOST_PAIRS = 8;

/**
 * Spearman's rank correlation with its exact permutation test.
 *
 * @param pairs 2 to 8 of them.
 * @throws RangeError for fewer or more.
 */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): RankCorrelation {
  if (pairs.length < 2 || pairs.length > MOST_PAIRS)
    throw new RangeError(`2 to ${MOST_PAIRS} pairs, not ${pairs.length}`);
  const first = pairs.map(([value]) => value);
  const second = pairs.map(([, value]) => value);
  const correlation = sampleRankCorrelation(first, second);
  const others = permutations(second).map(order => Math.abs(sampleRankCorrelation(first, order)));
  const pValueOf = (found: number) => others.filter(other => other >= found - ROUNDING).length / others.length;
  const decided = [...new Set(others)].filter(found => pValueOf(found) <= ALPHA);
  return {
    correlation,
    pValue: pValueOf(Math.abs(correlation)),
    smallestDecided: decided.length > 0 ? Math.min(...decided) : null,
  };
}

/** Equal correlations may differ in their last digits. */
const ROUNDING = 1e-9;

function permutations(values: readonly number[]): number[][] {
  if (values.length <= 1) return [[...values]];
  return values.flatMap((value, index) => permutations(values.toSpliced(index, 1)).map(rest => [value, ...rest]));
}
