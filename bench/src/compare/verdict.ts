import type { Ratio } from '../stats/ratio-of-medians.js';
import type { Metric } from './metrics.js';

/** What a comparison of a with b says of a; `~` where the runs do not decide. */
export type Verdict = 'better' | 'worse' | '~';

/** Level that adjusted p values are held against. */
export const ALPHA = 0.05;

/** Decided is what the test rejects at the level and whose ratio's interval lies wholly on one side of 1. */
export function verdict(metric: Metric, { ratio, adjustedPValue }: { ratio: Ratio; adjustedPValue: number }): Verdict {
  if (adjustedPValue > ALPHA || (ratio.low <= 1 && ratio.high >= 1)) return '~';
  return ratio.low > 1 === metric.higherIsBetter ? 'better' : 'worse';
}
