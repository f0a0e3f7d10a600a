import type { Comparison } from './comparison.js';
import { METRICS, type MetricKey } from './metrics.js';
import { ratioText } from './paired-ratio.js';

/** What a build must not have more of than its base: time and CPU. Memory and rates are shown. */
const GATED: readonly MetricKey[] = ['t100Ms', 'appCpuMsPerOrder', 'allCpuMsPerOrder'];

/**
 * Where contenders are decidedly worse than their base, in time or CPU; a sentence each.
 *
 * @param comparison of a plan with a base: each pair is a contender against its base.
 */
export function regressionsIn({ pairs }: Comparison): string[] {
  return METRICS.filter(({ key }) => GATED.includes(key)).flatMap(({ key, title }) =>
    pairs
      .filter(({ metric, verdict }) => metric === key && verdict === 'worse')
      .map(({ a, ratio }) => `${a} in ${title}, x ${ratioText(ratio)}`),
  );
}
