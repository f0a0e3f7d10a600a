import type { K6Result } from '../results/k6-result.js';
import { groupBy } from '../text/groups.js';

/**
 * The results of each series, the newest first. Times of two series are never held against each other: between them the machine
 * may have become another one.
 */
export function measuredTogether<T extends K6Result>(results: readonly T[]): T[][] {
  const begun = (own: readonly T[]) => own.map(({ startedAt }) => startedAt).toSorted()[0] ?? '';
  return [...groupBy(results, ({ series, startedAt }) => series?.id ?? startedAt).values()].toSorted((a, b) =>
    begun(b).localeCompare(begun(a)),
  );
}
