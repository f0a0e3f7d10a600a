import type { Metric } from './metrics.js';
import type { Ratio } from './paired-ratio.js';

/** What a comparison of a with b says of a; `~` where the runs do not decide. */
export type Verdict = 'better' | 'worse' | '~';

/** Level that adjusted p values are held against. */
export const ALPHA = 0.05;

/** What is known of a difference. */
interface Evidence {
  readonly ratio: Ratio;
  readonly adjustedPValue: number;
}

/** Decided is what the test rejects at the level and whose ratio's interval lies wholly on one side of 1. */
export function isDecided({ ratio, adjustedPValue }: Evidence): boolean {
  return adjustedPValue <= ALPHA && (ratio.low > 1 || ratio.high < 1);
}

/** Which of the two is better where a higher value is, or a lower one. */
export function verdict({ higherIsBetter }: Pick<Metric, 'higherIsBetter'>, evidence: Evidence): Verdict {
  if (!isDecided(evidence)) return '~';
  return evidence.ratio.low > 1 === higherIsBetter ? 'better' : 'worse';
}
