import * as Plot from '@observablehq/plot';
import type { StoredResult } from '../../results/read-results.js';
import { axisNumber } from '../../text/format.js';
import { groupBy } from '../../text/groups.js';
import type { Chart } from '../document.js';
import { medianOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { axisLabel, chartOf, contenderLegend, GRID } from './frame.js';
import { logTicks } from './log-ticks.js';
import { rowAxis, rowHeight, rowLabels } from './rows.js';

/** A hop as one contender's orders meet it. */
export interface HopRow {
  readonly contender: string;
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** Medians over runs. */
  readonly meanMs: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly handlerMs: number | null;
}

/** The medians over runs of every hop, hops in the order in which an order meets them. */
export function hopRows(runs: readonly StoredResult[]): HopRow[] {
  return [...groupBy(runs, ({ result }) => result.contender)].flatMap(([contender, own]) =>
    (own.find(({ result }) => result.hops.length > 0)?.result.hops ?? []).map(({ id, title, source }) => {
      const figure = (key: 'meanMs' | 'p50Ms' | 'p99Ms' | 'handlerMs') =>
        medianOf(own, ({ hops }) => hops.find(hop => hop.id === id)?.[key]);
      return {
        contender,
        id,
        title,
        source,
        meanMs: figure('meanMs') ?? 0,
        p50Ms: figure('p50Ms'),
        p99Ms: figure('p99Ms'),
        handlerMs: figure('handlerMs'),
      };
    }),
  );
}

/** What is said of a chart of hops. */
export interface HopChartOptions {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly HopRow[];
  readonly palette: Palette;
}

/** Mean time an order spends in each hop: a row a hop, a dot a contender, on a logarithmic axis. */
export function hopChart({ id, title, description, rows, palette }: HopChartOptions): Chart | null {
  const shown = rows.filter(({ meanMs }) => meanMs > 0);
  if (shown.length === 0) return null;
  const hops = [...new Set(shown.map(row => row.title))];
  const contenders = [...new Set(shown.map(({ contender }) => contender))];
  return chartOf({
    id,
    title,
    description,
    frame: format => ({
      legend: contenderLegend(contenders, palette),
      height: rowHeight(format) * hops.length + 60,
      plot: ({ isNarrow }) => ({
        ...rowAxis({ rows: hops, isNarrow, rightPx: 24 }),
        x: {
          type: 'log',
          ...axisLabel('mean ms per order (logarithmic)'),
          ticks: logTicks(shown.map(({ meanMs }) => meanMs)),
          tickFormat: axisNumber,
          nice: true,
        },
        marks: [
          Plot.gridX({ ticks: logTicks(shown.map(({ meanMs }) => meanMs)), ...GRID }),
          Plot.ruleY(hops, { className: 'rows', y: (hop: string) => hop, stroke: 'var(--rule)' }),
          // A mark a contender, so that equal times do not hide each other.
          ...contenders.map((contender, index) =>
            Plot.dot(
              shown.filter(row => row.contender === contender),
              {
                className: 'hops',
                x: 'meanMs',
                y: 'title',
                r: 4,
                dy: (index - (contenders.length - 1) / 2) * 3,
                fill: palette.colour(contender),
                stroke: 'var(--ground)',
                strokeWidth: 0.75,
              },
            ),
          ),
          ...rowLabels(hops, isNarrow),
        ],
        color: { type: 'identity' },
      }),
    }),
  });
}
