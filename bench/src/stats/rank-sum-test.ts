import { doubledMidRanks } from './mid-ranks.js';

/**
 * Two-sided p value of "the two samples could as well have been dealt out otherwise", for runs that share no blocks.
 *
 * The statistic is the rank sum; all ways of choosing the first sample's ranks are counted, ties included, so that the p
 * value is exact. Source: H. B. Mann, D. R. Whitney, Annals of Mathematical Statistics 18 (1947).
 */
export function rankSumTest(a: readonly number[], b: readonly number[]): number {
  const ranks = doubledMidRanks([...a, ...b]);
  const ofA = ranks.slice(0, a.length).reduce((sum, rank) => sum + rank, 0);
  const middle = a.length * (ranks.length + 1);
  const distance = Math.abs(ofA - middle);
  const ways = waysToSum(ranks, a.length);
  let all = 0;
  let asFar = 0;
  for (const [sum, count] of ways.entries()) {
    all += count;
    if (Math.abs(sum - middle) >= distance) asFar += count;
  }
  return asFar / all;
}

/**
 * Largest U (pairs of which the second is the larger) at which the test rejects on either side, for samples without
 * ties; -1 where samples of these sizes can never reject.
 */
export function criticalPairs(countA: number, countB: number, alpha: number): number {
  const ranks = Array.from({ length: countA + countB }, (_, index) => index + 1);
  const ways = waysToSum(ranks, countA);
  const all = ways.reduce((sum, count) => sum + count, 0);
  const least = (countA * (countA + 1)) / 2;
  let pairs = -1;
  let level = 0;
  while (level + (2 * (ways[least + pairs + 1] ?? all)) / all <= alpha) {
    pairs += 1;
    level += (2 * (ways[least + pairs] ?? 0)) / all;
  }
  return pairs;
}

/** In how many ways `count` of the ranks add up to 0, 1, 2 and so on. */
function waysToSum(ranks: readonly number[], count: number): Float64Array {
  const most = ranks.reduce((sum, rank) => sum + rank, 0);
  const ways = Array.from({ length: count + 1 }, () => new Float64Array(most + 1));
  (ways[0] as Float64Array)[0] = 1;
  for (const rank of ranks) {
    for (let taken = count; taken >= 1; taken -= 1) {
      const into = ways[taken] as Float64Array;
      const from = ways[taken - 1] as Float64Array;
      for (let sum = most; sum >= rank; sum -= 1) into[sum] = (into[sum] ?? 0) + (from[sum - rank] ?? 0);
    }
  }
  return ways[count] as Float64Array;
}
