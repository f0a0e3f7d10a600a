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

/**
 * Two-sided p value of "in every block the two could as well have been swapped".
 *
 * Within a block alone the two are exchanged, so that what differs between blocks (a warmer machine, a busier disk)
 * cancels. The statistic is Wilcoxon's signed-rank sum of the log ratios: it asks for no distribution, one wild run moves
 * it by its rank alone, and a run that never ended is simply the largest. All 2^n swaps are counted, by adding the blocks'
 * ranks one after the other, so that the p value is exact for every n. Blocks with equal values say nothing and drop out.
 *
 * Source: F. Wilcoxon, Individual comparisons by ranking methods, Biometrics Bulletin 1 (1945).
 */
export function blockedPermutationTest(blocks: readonly Block[]): number {
  const differences = logRatios(blocks).filter(difference => difference !== 0);
  const ranks = doubledMidRanks(differences.map(Math.abs));
  const middle = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
  const upper = ranks.reduce((sum, rank, index) => sum + ((differences[index] ?? 0) > 0 ? rank : 0), 0);
  const distance = Math.abs(upper - middle);
  const pValue = sumDistribution(ranks).reduce(
    (sum, share, rankSum) => sum + (Math.abs(rankSum - middle) >= distance ? share : 0),
    0,
  );
  return Math.min(1, pValue);
}

/** The smallest two-sided p value that this many blocks can give: 2 / 2^n, all differences on one side. */
export function smallestPValue(blocks: number): number {
  return Math.min(1, 2 / 2 ** blocks);
}

/** The least blocks whose smallest p value reaches a level: 6 at 5 %. */
export function leastBlocks(alpha: number): number {
  let blocks = 1;
  while (smallestPValue(blocks) > alpha) blocks += 1;
  return blocks;
}

/** Where the signed-rank test rejects. */
export interface CriticalSum {
  /** Largest sum of the ranks on the smaller side that is rejected; -1 where this many blocks can never reject. */
  readonly rankSum: number;
  /** The level that the test has there: at most what was asked for, as rank sums are whole numbers. */
  readonly level: number;
}

/** The two-sided critical value of the signed-rank sum for blocks without ties. */
export function criticalRankSum(blocks: number, alpha: number): CriticalSum {
  const shares = sumDistribution(Array.from({ length: blocks }, (_, index) => index + 1));
  let rankSum = -1;
  let level = 0;
  for (const share of shares) {
    if (level + 2 * share > alpha) break;
    level += 2 * share;
    rankSum += 1;
  }
  return { rankSum, level };
}

/** Share of all subsets of the ranks that add up to 0, 1, 2 and so on. */
function sumDistribution(ranks: readonly number[]): Float64Array {
  const shares = new Float64Array(ranks.reduce((sum, rank) => sum + rank, 0) + 1);
  shares[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum -= 1) {
      shares[sum] = ((shares[sum] ?? 0) + (sum >= rank ? (shares[sum - rank] ?? 0) : 0)) / 2;
    }
  }
  return shares;
}

/**
 * The rank of each value, from 1 for the smallest; values that are the same share the mean of their ranks. Ranks come
 * doubled, so that they are whole numbers.
 */
function doubledMidRanks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map(value => {
    const first = sorted.indexOf(value);
    return first + sorted.lastIndexOf(value) + 2;
  });
}
