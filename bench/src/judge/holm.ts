/**
 * Holm's adjusted p values, in the order of the given ones: with all of them held against one level, the chance that any
 * true "no difference" is rejected stays below that level, however they depend on each other.
 *
 * Source: S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979).
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = pValues.map(() => 1);
  const smallestFirst = pValues.map((pValue, index) => ({ pValue, index })).sort((x, y) => x.pValue - y.pValue);
  let largestSoFar = 0;
  for (const [step, { pValue, index }] of smallestFirst.entries()) {
    largestSoFar = Math.max(largestSoFar, Math.min(1, pValue * (pValues.length - step)));
    adjusted[index] = largestSoFar;
  }
  return adjusted;
}
