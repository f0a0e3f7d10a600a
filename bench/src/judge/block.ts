/** One block of a comparison: what two contenders measured in it, in the same unit. Infinity for a run that never ended. */
export interface Block {
  readonly a: number;
  readonly b: number;
}

/**
 * The logarithm of a / b, one a block. 0 where neither is worth more than the other: equal values, two runs that never
 * ended, two rates of nothing.
 */
export function logRatios(blocks: readonly Block[]): number[] {
  return blocks.map(({ a, b }) => (a === b ? 0 : Math.log(a / b)));
}
