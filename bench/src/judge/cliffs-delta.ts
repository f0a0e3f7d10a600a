/**
 * Cliff's delta: of all pairs of one value each, the share in which a is larger less the share in which b is; from -1 (all
 * of a below all of b) to 1. Source: N. Cliff, Dominance statistics, Psychological Bulletin 114 (1993).
 */
export function cliffsDelta(a: readonly number[], b: readonly number[]): number {
  let larger = 0;
  for (const x of a) for (const y of b) larger += Number(x > y) - Number(x < y);
  return larger / (a.length * b.length);
}
