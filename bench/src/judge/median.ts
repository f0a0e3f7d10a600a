/**
 * The middle value, or the mean of the two; the only median here. simple-statistics has one too, but two values of
 * Infinity (runs that never ended) in the middle make NaN of it.
 *
 * @param values at least one.
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return lower === upper ? lower : (lower + upper) / 2;
}

/** The median of those that are known; null where none is. */
export function medianOfKnown(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter(value => value !== null && value !== undefined);
  return known.length === 0 ? null : median(known);
}
