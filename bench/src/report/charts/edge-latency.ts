import * as Plot from '@observablehq/plot';
import type { BreakpointResult } from '../../results/k6-result.js';
import { axisNumber } from '../../text/format.js';
import type { Chart } from '../document.js';
import type { Palette } from '../palette.js';
import { axisLabel, chartOf, contenderLegend, GRID } from './frame.js';
import { logTicks } from './log-ticks.js';

interface Point {
  readonly contender: string;
  /** One curve. */
  readonly id: string;
  readonly rate: number;
  readonly p99Ms: number;
}

/**
 * Rate against p99, a line a repetition: every rate that was measured for its whole time. Null where there are none.
 */
export function edgeLatencyChart(
  results: readonly BreakpointResult[],
  { id, title, palette }: { readonly id: string; readonly title: string; readonly palette: Palette },
): Chart | null {
  const points = results.flatMap(pointsOf);
  if (points.length === 0) return null;
  const contenders = [...new Set(points.map(({ contender }) => contender))];
  const limitMs = results[0]?.limit.p99Ms ?? 0;
  const description =
    'The 99th percentile of the response time, blocked and connecting time included, over the rate at which orders were sent. ' +
    `A line is one repetition, from half of the rate that it held up to rates that it did not; the level line is the limit of ${limitMs} ms. The upright axis is logarithmic.`;
  const stroke = ({ contender }: Point) => palette.colour(contender);
  const ticks = logTicks([...points.map(({ p99Ms }) => p99Ms), limitMs]);
  return chartOf({
    id,
    title,
    description,
    frame: format => ({
      legend: contenderLegend(contenders, palette),
      height: format === 'narrow' ? 260 : 340,
      plot: () => ({
        marginLeft: 52,
        marginRight: 20,
        marginBottom: 42,
        marginTop: 30,
        x: {
          ...axisLabel('orders per second'),
          zero: true,
          ticks: 6,
          tickFormat: axisNumber,
        },
        y: { type: 'log', label: null, ticks, tickFormat: (ms: number) => `${axisNumber(ms)} ms` },
        marks: [
          Plot.gridY({ ticks, ...GRID }),
          Plot.ruleY([limitMs], { className: 'limit', stroke: 'var(--ink-2)', strokeDasharray: '4 4' }),
          Plot.line(points, { className: 'rates', x: 'rate', y: 'p99Ms', z: 'id', stroke, strokeWidth: 1.75 }),
          Plot.dot(points, { className: 'steps', x: 'rate', y: 'p99Ms', r: 2.5, fill: stroke }),
        ],
        color: { type: 'identity' },
      }),
    }),
  });
}

function pointsOf({ id, contender, levels, steps }: BreakpointResult): Point[] {
  return [...levels.map(({ run }) => run), ...steps.map(({ run }) => run)]
    .flatMap(({ ratePerSecond, responseTime }) =>
      responseTime && responseTime.p99Ms > 0 ? [{ contender, id, rate: ratePerSecond, p99Ms: responseTime.p99Ms }] : [],
    )
    .toSorted((a, b) => a.rate - b.rate);
}
