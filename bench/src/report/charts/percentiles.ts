import * as Plot from '@observablehq/plot';
import { median } from '../../judge/median.js';
import type { RunResult } from '../../results/result.js';
import { axisNumber, percent } from '../../text/format.js';
import { groupBy } from '../../text/groups.js';
import type { Chart } from '../document.js';
import type { Palette } from '../palette.js';
import { axisLabel, chartOf, contenderLegend, GRID } from './frame.js';
import { logTicks } from './log-ticks.js';

interface Point {
  readonly series: string;
  readonly contender: string;
  readonly panel: string;
  /** How rare: 1 at the median's side of things, 1000 at 99.9 %. */
  readonly oneIn: number;
  readonly ms: number;
}

const TICKS = [1, 2, 10, 100, 1000, 10_000];

/**
 * Latency on an axis of percentiles on which each further nine takes the same room, a panel a rate: every run thin, the
 * median over runs strong. Null where no run has latencies.
 */
export function percentileChart(
  runs: readonly RunResult[],
  { id, title, palette }: { readonly id: string; readonly title: string; readonly palette: Palette },
): Chart | null {
  const points = runs.flatMap(pointsOf);
  if (points.length === 0) return null;
  const medians = mediansOf(points);
  const panels = [...new Set(points.map(({ panel }) => panel))].sort();
  const contenders = [...new Set(points.map(({ contender }) => contender))];
  const description =
    'Time from when each order was due to its write, by percentile: the tail is to the right, and each nine takes the same room. ' +
    'Thin lines are single runs, strong ones the median over a contender’s runs. Both axes are logarithmic.';
  const stroke = ({ contender }: Point) => palette.colour(contender);
  return chartOf({
    id,
    title,
    description,
    frame: format => {
      const isNarrow = format === 'narrow';
      return {
        legend: contenderLegend(contenders, palette),
        height: isNarrow ? 200 * panels.length + 60 : 360,
        plot: () => ({
          marginLeft: 52,
          marginRight: isNarrow ? 14 : 20,
          marginBottom: 42,
          marginTop: 40,
          ...(isNarrow
            ? { fy: { domain: panels, axis: null, padding: 0.24 } }
            : { fx: { domain: panels, axis: null, padding: 0.1 } }),
          x: {
            type: 'log',
            domain: [1, Math.max(...points.map(({ oneIn }) => oneIn))],
            ticks: TICKS.filter(tick => tick <= Math.max(...points.map(({ oneIn }) => oneIn))),
            tickFormat: (oneIn: number) => axisNumber(100 - 100 / oneIn),
            ...axisLabel('percentile of orders'),
          },
          y: { type: 'log', label: null, ticks: logTicks(points.map(({ ms }) => ms)), tickFormat: msText },
          marks: [
            Plot.gridY({ ticks: logTicks(points.map(({ ms }) => ms)), ...GRID }),
            Plot.text(panels, {
              className: 'panel-titles',
              text: (panel: string) => panel,
              ...(isNarrow ? { fy: (panel: string) => panel } : { fx: (panel: string) => panel }),
              frameAnchor: 'top-left',
              dy: -18,
              fontWeight: 600,
            }),
            Plot.line(points, {
              className: 'runs',
              x: 'oneIn',
              y: 'ms',
              z: 'series',
              ...(isNarrow ? { fy: 'panel' } : { fx: 'panel' }),
              stroke,
              strokeWidth: 1,
              strokeOpacity: 0.32,
            }),
            Plot.line(medians, {
              className: 'medians',
              x: 'oneIn',
              y: 'ms',
              z: 'contender',
              ...(isNarrow ? { fy: 'panel' } : { fx: 'panel' }),
              stroke,
              strokeWidth: 2.25,
            }),
          ],
          color: { type: 'identity' },
        }),
      };
    },
  });
}

/** The load of a paced run as its panel names it. */
export function loadTitle({ shareOfSteadyRate, ratePerSecond }: NonNullable<Latency>): string {
  return shareOfSteadyRate === null
    ? `${axisNumber(ratePerSecond)} orders/s`
    : `at ${percent(shareOfSteadyRate)} of its steady rate`;
}

/** What a paced run found; absent in others. */
type Latency = RunResult extends infer R ? (R extends { latency?: infer L } ? L : never) : never;

function pointsOf(result: RunResult): Point[] {
  if (result.status !== 'complete' || !result.latency) return [];
  const { id, contender, latency } = result;
  return latency.percentiles
    .filter(([percentile, ms]) => percentile < 100 && ms > 0)
    .map(([percentile, ms]) => ({
      series: id,
      contender,
      panel: loadTitle(latency),
      oneIn: 100 / (100 - percentile),
      ms,
    }));
}

/** At each percentile that every run of a contender at a load has. */
function mediansOf(points: readonly Point[]): Point[] {
  return [...groupBy(points, ({ contender, panel }) => `${panel} ${contender}`).values()].flatMap(own => {
    const runs = new Set(own.map(({ series }) => series)).size;
    return [...groupBy(own, ({ oneIn }) => oneIn).values()]
      .filter(({ length }) => length === runs)
      .flatMap(same => (same[0] ? [{ ...same[0], ms: median(same.map(({ ms }) => ms)) }] : []));
  });
}

function msText(ms: number): string {
  return ms >= 1000 ? `${axisNumber(ms / 1000)} s` : `${axisNumber(ms)} ms`;
}
