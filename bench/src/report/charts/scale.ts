import * as Plot from '@observablehq/plot';
import type { RunResult } from '../../results/result.js';
import { axisNumber } from '../../text/format.js';
import type { Chart } from '../document.js';
import type { Palette } from '../palette.js';
import { axisLabel, axisTitle, chartOf, contenderLegend, GRID } from './frame.js';

/** The runs of some contenders from the same number of pods. */
export interface ScaledRuns {
  readonly from: number;
  readonly contenders: readonly string[];
  /** Complete ones. */
  readonly runs: readonly RunResult[];
}

interface Point {
  readonly run: string;
  readonly contender: string;
  readonly seconds: number;
  readonly value: number;
}

/** What one of the two charts shows over the seconds since the scheduled time. */
interface Curve {
  readonly id: string;
  readonly axis: string;
  readonly title: string;
  readonly description: string;
  readonly line: 'step-after' | 'linear';
  readonly points: (result: RunResult) => readonly (readonly [ms: number, value: number])[];
}

const PODS: Curve = {
  id: 'pods',
  axis: 'ready app pods',
  title: 'Ready pods of all roles over a burst',
  description: 'Pods of the three roles together that were ready',
  line: 'step-after',
  points: readyPods,
};

const ORDERS: Curve = {
  id: 'orders',
  axis: 'orders written',
  title: 'Orders written meanwhile',
  description: 'Orders written in the same runs, on the same scale of time',
  line: 'linear',
  points: ({ curve }) => [[0, 0], ...curve],
};

/** The curve of pods, and below it that of orders, over the same seconds. */
export function scaleCharts(scaled: ScaledRuns, palette: Palette): Chart[] {
  return [PODS, ORDERS].map(curve => chart(scaled, curve, palette));
}

function chart({ from, contenders, runs }: ScaledRuns, curve: Curve, palette: Palette): Chart {
  const endS = Math.max(...runs.map(endMs)) / 1000;
  const points = runs.flatMap(result => pointsOf(result, curve));
  return chartOf({
    id: `scale-${curve.id}-from-${from}`,
    title: `${curve.title}, from ${fromText(from)}`,
    description: `${curve.description}; a line a run (${runs.length}), until its last order was written.`,
    frame: format => ({
      legend: contenderLegend(contenders, palette),
      height: format === 'narrow' ? 200 : 240,
      plot: () => ({
        marginLeft: 52,
        marginRight: 14,
        marginBottom: 40,
        marginTop: 32,
        x: { ...axisLabel('seconds since the scheduled time'), domain: [0, endS] },
        y: { label: null, ticks: 5, tickFormat: axisNumber, zero: true },
        marks: [
          axisTitle(curve.axis, 52),
          Plot.gridY({ ticks: 5, ...GRID }),
          Plot.line(points, {
            x: 'seconds',
            y: 'value',
            z: 'run',
            stroke: ({ contender }: Point) => palette.colour(contender),
            strokeWidth: 1.5,
            strokeOpacity: runs.length > contenders.length ? 0.55 : 1,
            curve: curve.line,
          }),
        ],
        color: { type: 'identity' },
      }),
    }),
  });
}

/** In words: `1 pod a role`. */
export function fromText(from: number): string {
  return from === 0 ? 'no pod' : `${from} pod${from === 1 ? '' : 's'} a role`;
}

function pointsOf(result: RunResult, { points }: Curve): Point[] {
  return points(result).map(([ms, value]) => ({
    run: result.id,
    contender: result.contender,
    seconds: ms / 1000,
    value,
  }));
}

/** The sum over the roles at each change of any, up to the last order. */
function readyPods(result: RunResult): [number, number][] {
  const roles = result.scaling?.roles ?? [];
  const times = [...new Set([...roles.flatMap(({ ready }) => ready.map(([ms]) => ms)), endMs(result)])];
  const at = (ms: number) =>
    roles.reduce((sum, { ready }) => sum + (ready.findLast(([changeMs]) => changeMs <= ms)?.[1] ?? 0), 0);
  return times.toSorted((a, b) => a - b).map(ms => [ms, at(ms)]);
}

function endMs({ curve }: RunResult): number {
  return curve.at(-1)?.[0] ?? 0;
}
