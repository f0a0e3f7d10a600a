import type { BreakpointComparison } from '../judge/compare-breakpoints.js';
import { ratioText } from '../report/ratio-text.js';
import { textTable } from '../text/text-table.js';

/** Breakpoint comparisons for the terminal. */
export function breakpointTable(comparisons: readonly BreakpointComparison[]): string {
  return comparisons
    .map(({ role, contenders, pairs }) => {
      const rows = contenders.map(({ contender, values, median, low, high, confidence, voids }) => [
        contender,
        `${values.length}`,
        median.toFixed(0),
        `${low.toFixed(0)}-${high.toFixed(0)} (${Math.round(confidence * 100)} %)`,
        `${voids}`,
      ]);
      const verdicts = pairs.map(
        ({ a, b, ratio, verdict, adjustedPValue }) =>
          `${a} ${verdict} ${b}: ${ratioText(ratio)}, p = ${adjustedPValue.toPrecision(2)}`,
      );
      return [
        `highest rate held, ${role}, orders/s`,
        textTable([['contender', 'runs', 'median', 'interval', 'void'], ...rows]),
        ...verdicts,
      ].join('\n');
    })
    .join('\n\n');
}
