import { API_METRICS, type ApiComparison } from '../judge/compare-api-tests.js';
import { ratioText } from '../report/ratio-text.js';
import { plain } from '../text/format.js';
import { textTable } from '../text/text-table.js';

/** Comparisons of tests of Order APIs for the terminal: a row a figure, a column a contender, and one for each pair. */
export function apiTable(comparisons: readonly ApiComparison[]): string {
  return comparisons
    .map(({ test, contenders, figures }) => {
      const [{ pairs } = { pairs: [] }] = figures;
      const head = [
        ...['of', 'median', ...contenders.map(({ contender }) => contender)],
        ...pairs.map(({ a, b }) => `${a} / ${b}`),
      ];
      const rows = figures.map(figure => [
        figure.of,
        `${API_METRICS[figure.metric].title}, ${API_METRICS[figure.metric].unit}`,
        ...figure.contenders.map(({ median, low, high }) => `${plain(median)} (${plain(low)}-${plain(high)})`),
        ...figure.pairs.map(
          ({ ratio, verdict, adjustedPValue }) =>
            `${verdict} ${ratioText(ratio)}, p = ${adjustedPValue.toPrecision(2)}`,
        ),
      ]);
      const runs = contenders.map(
        ({ contender, runs: counted, lastRuns, voids }) =>
          `${contender}: ${counted} repetitions` +
          `${lastRuns > 0 ? `, ${lastRuns} that did not hold the rate rank last` : ''}${voids > 0 ? `, ${voids} void left out` : ''}`,
      );
      return [test, textTable([head, ...rows]), ...runs].join('\n');
    })
    .join('\n\n');
}
