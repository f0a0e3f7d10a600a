/**
 * The rank of each value, from 1 for the smallest; values that are the same share the mean of their ranks. Ranks come
 * doubled, so that they are whole numbers.
 */
export function doubledMidRanks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map(value => {
    const first = sorted.indexOf(value);
    return first + sorted.lastIndexOf(value) + 2;
  });
}
