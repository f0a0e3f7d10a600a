import * as Plot from '@observablehq/plot';
import { medianInterval } from '../../judge/median-interval.js';
import type { RunResult } from '../../results/result.js';
import { axisNumber, plain } from '../../text/format.js';
import type { Chart } from '../document.js';
import type { ContenderRuns } from '../evidence.js';
import type { Palette } from '../palette.js';
import { axisLabel, chartOf, GRID } from './frame.js';
import { ROW_VALUE, rowAxis, rowHeight, rowLabels, rowTicks } from './rows.js';

/** A figure of every run, and what is said of it. */
export interface SpreadOptions {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly axis: string;
  readonly groups: readonly ContenderRuns[];
  readonly palette: Palette;
  /** Null where a run has no such figure. */
  readonly read: (result: RunResult) => number | null;
}

/** One figure of all runs: a dot a run, the median as a strong tick, its interval as a bar. Null where there is none. */
export function spreadChart(options: SpreadOptions): Chart | null {
  const { id, title, description, axis, groups, palette, read } = options;
  const dots = groups.flatMap(({ contender, runs }) =>
    runs.flatMap(({ result }) => {
      const value = read(result);
      return value === null ? [] : [{ contender, value }];
    }),
  );
  const ended = dots.filter(({ value }) => Number.isFinite(value));
  if (ended.length === 0) return null;
  const contenders = groups.map(({ contender }) => contender).filter(name => ended.some(dot => dot.contender === name));
  const rows = contenders.map(palette.label);
  const y = ({ contender }: { contender: string }) => palette.label(contender);
  const most = Math.max(...ended.map(({ value }) => value));
  // What never ended lies beyond the axis: a bar then ends where the axis does.
  const medians = contenders
    .map(contender => {
      const own = dots.filter(dot => dot.contender === contender).map(({ value }) => value);
      const { median, low, high } = medianInterval(own);
      const end = Math.max(...own.filter(Number.isFinite));
      return { contender, median, low, high: Math.min(high, most), end };
    })
    .filter(({ median }) => Number.isFinite(median));
  return chartOf({
    id,
    title,
    description,
    frame: format => ({
      legend: [],
      height: rowHeight(format) * contenders.length + 56,
      plot: ({ isNarrow }) => ({
        ...rowAxis({ rows, isNarrow, rightPx: 56 }),
        x: {
          ...axisLabel(axis),
          zero: true,
          ticks: rowTicks(isNarrow),
          tickFormat: axisNumber,
        },
        marks: [
          Plot.gridX({ ticks: rowTicks(isNarrow), ...GRID }),
          Plot.ruleY(medians, {
            className: 'intervals',
            y,
            x1: 'low',
            x2: 'high',
            stroke: ({ contender }: { contender: string }) => palette.colour(contender),
            strokeWidth: 10,
            strokeOpacity: 0.28,
          }),
          Plot.dot(ended, {
            className: 'runs',
            y,
            x: 'value',
            r: 3,
            fill: ({ contender }: { contender: string }) => palette.colour(contender),
            fillOpacity: 0.55,
          }),
          Plot.tickX(medians, {
            className: 'medians',
            y,
            x: 'median',
            stroke: 'currentColor',
            strokeWidth: 2,
            insetTop: isNarrow ? 2 : 6,
            insetBottom: isNarrow ? 2 : 6,
          }),
          Plot.text(medians, {
            className: 'values',
            y,
            x: 'end',
            text: ({ median }: { median: number }) => plain(median),
            dx: 10,
            ...ROW_VALUE,
          }),
          ...rowLabels(rows, isNarrow),
        ],
        color: { type: 'identity' },
      }),
    }),
  });
}
