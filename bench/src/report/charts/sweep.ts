import * as Plot from '@observablehq/plot';
import { median } from '../../judge/median.js';
import type { RunResult } from '../../results/result.js';
import type { Sweep } from '../../results/stored-sweep.js';
import { axisNumber } from '../../text/format.js';
import { groupBy } from '../../text/groups.js';
import type { Chart } from '../document.js';
import type { Palette } from '../palette.js';
import { axisLabel, chartOf, contenderLegend, GRID } from './frame.js';

/** A figure over a sweep's grid, and what is said of it. */
export interface SweepChartOptions {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly axis: string;
  readonly sweep: Sweep;
  readonly palette: Palette;
  readonly read: (result: RunResult) => number | null;
}

interface Point {
  readonly contender: string;
  /** The other settings, a line each; empty where there is none. */
  readonly panel: string;
  readonly x: number | string;
  readonly value: number;
}

const PANEL_LINE_PX = 16;

/** More panels than this are a table's business. */
const MOST_PANELS = 6;

/**
 * A figure over the first axis of a sweep, a panel for each combination of the others: a dot a run, a line through the
 * medians. A contender that an axis means nothing to is a level line. Null where there is nothing to draw, or too much.
 */
export function sweepChart(options: SweepChartOptions): Chart | null {
  const { id, title, description, axis, sweep, palette, read } = options;
  const [[name, values] = ['', []], ...others] = Object.entries(sweep.record.plan.vary);
  const dots = sweep.cells.flatMap(cell => cellPoints(cell, { name, values, others }, read));
  const panels = [...new Set(dots.map(({ panel }) => panel))];
  if (dots.length === 0 || panels.length > MOST_PANELS) return null;
  const medians = [...groupBy(dots, ({ contender, panel, x }) => `${contender} ${panel} ${x}`).values()].flatMap(
    same => (same[0] ? [{ ...same[0], value: median(same.map(({ value }) => value)) }] : []),
  );
  const isNumeric = values.every(value => typeof value === 'number');
  const isWide = isNumeric && Math.max(...values.map(Number)) / Math.max(1, Math.min(...values.map(Number))) >= 8;
  const contenders = [...new Set(dots.map(({ contender }) => contender))];
  const colour = ({ contender }: Point) => palette.colour(contender);
  return chartOf({
    id,
    title,
    description: panels.length > 1 ? `${axis}. ${description}` : description,
    frame: format => {
      const isNarrow = format === 'narrow';
      const facet = isNarrow ? { fy: 'panel' } : { fx: 'panel' };
      return {
        legend: contenderLegend(contenders, palette),
        height: isNarrow ? 190 * panels.length + 60 : 320,
        plot: () => ({
          marginLeft: 52,
          marginRight: 16,
          marginBottom: 42,
          marginTop: 28 + PANEL_LINE_PX * (others.length || 1),
          ...(isNarrow
            ? { fy: { domain: panels, axis: null, padding: 0.28 } }
            : { fx: { domain: panels, axis: null, padding: 0.1 } }),
          x: {
            ...axisLabel(name),
            ...(isNumeric
              ? { type: isWide ? 'log' : 'linear', ticks: values as number[], tickFormat: axisNumber }
              : { type: 'point', domain: [...values] }),
            inset: 8,
          },
          y: { label: null, ticks: 5, zero: true, nice: true, tickFormat: axisNumber },
          marks: [
            Plot.gridY({ ticks: 5, ...GRID }),
            Plot.text(panels, {
              className: 'panel-titles',
              text: (panel: string) => panel || axis,
              ...(isNarrow ? { fy: (panel: string) => panel } : { fx: (panel: string) => panel }),
              frameAnchor: 'top-left',
              lineAnchor: 'bottom',
              dy: -12,
              fontWeight: 600,
            }),
            Plot.dot(dots, { className: 'runs', x: 'x', y: 'value', ...facet, r: 3, fill: colour, fillOpacity: 0.5 }),
            Plot.line(medians, {
              className: 'medians',
              x: 'x',
              y: 'value',
              z: 'contender',
              ...facet,
              stroke: colour,
              strokeWidth: 2.25,
            }),
          ],
          color: { type: 'identity' },
        }),
      };
    },
  });
}

interface Axes {
  readonly name: string;
  readonly values: readonly (number | string)[];
  readonly others: readonly (readonly [string, readonly (number | string)[]])[];
}

/** A cell's runs wherever it counts: once for every value of an axis that the contender does not have. */
function cellPoints(cell: Sweep['cells'][number], axes: Axes, read: SweepChartOptions['read']): Point[] {
  const { contender, values, runs } = cell;
  const own = values[axes.name];
  const xs = own === undefined ? axes.values : [own];
  const panels = axes.others.reduce<string[][]>(
    (combinations, [name, all]) => {
      const value = values[name];
      const here = value === undefined ? all : [value];
      return combinations.flatMap(parts => here.map(one => [...parts, `${name} ${one}`]));
    },
    [[]],
  );
  return runs.flatMap(({ result }) => {
    const value = read(result);
    if (value === null) return [];
    return xs.flatMap(x => panels.map(parts => ({ contender, panel: parts.join('\n'), x, value })));
  });
}
