/**
 * The nearest-rank percentile: the smallest value that at least this percentage of the values does not exceed.
 *
 * @param sorted ascending, at least one.
 * @param percentile above 0, to 100.
 */
export function percentileOf(sorted: readonly number[], percentile: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percentile) / 100) - 1)] ?? Number.NaN;
}
