import { type Block, blockedPermutationTest } from './blocked-permutation-test.js';
import { holm } from './holm.js';
import { pairedRatio, type Ratio } from './paired-ratio.js';

/** What the blocks of one pair say of a against b. */
export interface PairedDifference {
  /** Of a to b, with its interval for this pair alone. */
  readonly ratio: Ratio;
  readonly pValue: number;
  /** Holm's, over all pairs that were judged together. */
  readonly adjustedPValue: number;
  /** Of a against b: 1 where every value of a is above every one of b. */
  readonly cliffsDelta: number;
}

/** Judges pairs together, in their order: each by its own blocks, the p values corrected over all. */
export function pairedDifferences(pairs: readonly (readonly Block[])[]): PairedDifference[] {
  const pValues = pairs.map(blocks => blockedPermutationTest(blocks));
  const adjusted = holm(pValues);
  return pairs.map((blocks, index) => ({
    ratio: pairedRatio(blocks),
    pValue: pValues[index] ?? 1,
    adjustedPValue: adjusted[index] ?? 1,
    cliffsDelta: cliffsDelta(
      blocks.map(({ a }) => a),
      blocks.map(({ b }) => b),
    ),
  }));
}

/**
 * Cliff's delta: of all pairs of one value each, the share in which a is larger less the share in which b is; from -1 (all
 * of a below all of b) to 1. Source: N. Cliff, Dominance statistics, Psychological Bulletin 114 (1993).
 */
export function cliffsDelta(a: readonly number[], b: readonly number[]): number {
  let larger = 0;
  for (const x of a) for (const y of b) larger += Number(x > y) - Number(x < y);
  return larger / (a.length * b.length);
}
