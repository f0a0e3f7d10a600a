import type { Block } from './block.js';
import { blockedPermutationTest } from './blocked-permutation-test.js';
import { holm } from './holm.js';
import { pairedRatio, type Ratio } from './paired-ratio.js';

/** What the blocks of one pair say of a against b. */
export interface PairedDifference {
  /** Of a to b, with its interval for this pair alone. */
  readonly ratio: Ratio;
  readonly pValue: number;
  /** Holm's, over all pairs that were judged together. */
  readonly adjustedPValue: number;
}

/** Judges pairs together, in their order: each by its own blocks, the p values corrected over all. */
export function pairedDifferences(pairs: readonly (readonly Block[])[]): PairedDifference[] {
  const pValues = pairs.map(blocks => blockedPermutationTest(blocks));
  const adjusted = holm(pValues);
  return pairs.map((blocks, index) => ({
    ratio: pairedRatio(blocks),
    pValue: pValues[index] ?? 1,
    adjustedPValue: adjusted[index] ?? 1,
  }));
}
