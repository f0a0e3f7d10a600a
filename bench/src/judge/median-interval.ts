import { binomialDistribution } from 'simple-statistics';
import { median } from './median.js';

/** A median and the two measured values that hold it between them. */
export interface MedianInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** What the interval reaches: at least what was asked for, or what the smallest and the largest value give together. */
  readonly confidence: number;
}

/**
 * The median and its distribution-free interval: the k-th smallest and the k-th largest value, with the largest k whose
 * coverage, by the binomial distribution, is still the wanted one. Fewer than 6 values never reach 95 %: then it is the
 * smallest and the largest, and `confidence` says what that is worth.
 *
 * Source: W. J. Conover, Practical Nonparametric Statistics, section on confidence intervals for a quantile.
 *
 * @param values at least one; Infinity for a run that never ended.
 */
export function medianInterval(values: readonly number[], confidence = 0.95): MedianInterval {
  const sorted = [...values].sort((a, b) => a - b);
  const shares = binomialDistribution(sorted.length, 0.5) ?? [];
  const coverageWithout = (count: number) => 1 - 2 * shares.slice(0, count).reduce((sum, share) => sum + share, 0);
  let k = 1;
  while (2 * (k + 1) <= sorted.length && coverageWithout(k + 1) >= confidence) k += 1;
  return {
    median: median(sorted),
    low: sorted[k - 1] ?? Number.NaN,
    high: sorted[sorted.length - k] ?? Number.NaN,
    confidence: Math.max(0, coverageWithout(k)),
  };
}
