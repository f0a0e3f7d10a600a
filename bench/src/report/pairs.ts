import type { PairFigures } from '../judge/comparison.js';
import { inverse, type Ratio } from '../judge/paired-ratio.js';

/** How many times as much as the other of its pair a contender has. */
export function ratioOver({ a, ratio }: PairFigures, contender: string): Ratio {
  return a === contender ? ratio : inverse(ratio);
}

/** What difference a pair's plan could have told. */
export function detectableText({ smallestDetectableRatio: ratio }: PairFigures): string {
  return ratio === null
    ? 'these runs could have told no difference'
    : `a difference of ${detectable(ratio)} would have been found`;
}

/** A detectable ratio as a percentage: two digits, it comes from a simulation. */
export function detectable(ratio: number): string {
  return `${Number(((ratio - 1) * 100).toPrecision(2))} %`;
}
