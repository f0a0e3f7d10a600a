import * as Plot from '@observablehq/plot';
import { median } from '../../judge/median.js';
import type { RunResult } from '../../results/result.js';
import { axisNumber, plain } from '../../text/format.js';
import type { Chart, ChartFormat } from '../document.js';
import type { ContenderRole, ContenderRuns } from '../evidence.js';
import { isOneRun, medianOf, secondsToDrain } from '../figures.js';
import type { Palette } from '../palette.js';
import { axisLabel, axisTitle, chartOf, type Frame, GRID, type LegendItem } from './frame.js';

interface Point {
  readonly isComplete: boolean;
  readonly series: string;
  readonly contender: string;
  readonly seconds: number;
  readonly written: number;
}

interface End {
  readonly contender: string;
  readonly role: ContenderRole;
  readonly seconds: number;
}

const MEDIAN_POINTS = 100;

/** Orders written over time: every run thin, each contender's median strong. Null where no run has a curve. */
export function drainChart(groups: readonly ContenderRuns[], palette: Palette): Chart | null {
  const runs = groups.flatMap(group => group.runs.map(({ result }) => result)).filter(({ curve }) => curve.length > 0);
  const points = runs.flatMap(runPoints);
  if (points.length === 0) return null;
  const medians = groups.flatMap(medianPoints);
  const ends = groups
    .map(({ contender, role, runs }) => ({ contender, role, seconds: medianOf(runs, secondsToDrain) ?? Number.NaN }))
    .filter(({ seconds }) => seconds > 0);
  const title = findingOf(ends, groups.some(isOneRun));
  const description =
    `Orders written over the time since the moment for which all were scheduled. Thin lines are single runs (${runs.length}), ` +
    'strong ones the median time of each contender; incomplete runs are dashed.';
  return chartOf({
    id: 'drain',
    title,
    description,
    frame: drainFrame({
      thin: points,
      strong: medians,
      legend: groups.map(({ contender }) => {
        const seconds = ends.find(end => end.contender === contender)?.seconds;
        return {
          label: seconds ? `${palette.label(contender)} ${plain(seconds)} s` : palette.label(contender),
          colour: palette.colour(contender),
        };
      }),
      colour: palette.colour,
      from: 'the scheduled time',
    }),
  });
}

/** A drain that has not ended. */
export interface RunningDrain {
  readonly contender: string;
  /** Points [ms, orders written]. */
  readonly curve: RunResult['curve'];
}

/** A drain in progress, strong, over runs that have ended, thin. Null where there is neither. */
export function runningDrainChart(
  running: RunningDrain | null,
  ended: readonly RunResult[],
  palette: Palette,
): Chart | null {
  const thin = ended.filter(({ curve }) => curve.length > 0).flatMap(runPoints);
  const strong = running
    ? curvePoints(running.curve, { series: RUNNING, contender: running.contender, isComplete: true })
    : [];
  if (thin.length + strong.length === 0) return null;
  const colour = (contender: string) => (contender === running?.contender ? 'var(--ink)' : palette.colour(contender));
  const contenders = new Set([...(running ? [running.contender] : []), ...ended.map(({ contender }) => contender)]);
  return chartOf({
    id: 'running-drain',
    title: 'Orders written',
    description: 'The run in progress from its first written order on, and the last run of each other contender.',
    frame: drainFrame({
      thin: thin.filter(({ contender }) => contender !== running?.contender),
      strong,
      legend: [...contenders].map(contender => ({ label: palette.label(contender), colour: colour(contender) })),
      colour,
      from: 'the first orders',
    }),
  });
}

const RUNNING = 'running';

interface Curves {
  readonly thin: readonly Point[];
  readonly strong: readonly Point[];
  readonly legend: readonly LegendItem[];
  readonly colour: (contender: string) => string;
  /** What the seconds are counted from. */
  readonly from: string;
}

/** Curves of orders over seconds. */
function drainFrame({ thin: points, strong, legend, colour, from }: Curves): (format: ChartFormat) => Frame {
  const line = {
    x: 'seconds',
    y: 'written',
    z: 'series',
    stroke: ({ contender }: Point) => colour(contender),
  };
  const thin = { ...line, strokeWidth: 1, strokeOpacity: 0.32 };
  return format => ({
    legend,
    height: format === 'narrow' ? 300 : 400,
    plot: ({ isNarrow }) => ({
      marginLeft: 52,
      marginRight: 14,
      marginBottom: 40,
      marginTop: 32,
      x: {
        ...axisLabel(`seconds since ${from}`),
        domain: [0, Math.max(...[...points, ...strong].map(({ seconds }) => seconds))],
      },
      y: { label: null, ticks: 5, tickFormat: axisNumber, zero: true },
      marks: [
        axisTitle('orders written', 52),
        Plot.gridY({ ticks: 5, ...GRID }),
        Plot.line(
          points.filter(({ isComplete }) => !isComplete),
          { className: 'incomplete-runs', ...thin, strokeDasharray: '3 3' },
        ),
        Plot.line(
          points.filter(({ isComplete }) => isComplete),
          { className: 'runs', ...thin },
        ),
        Plot.line(strong, { className: 'medians', ...line, strokeWidth: isNarrow ? 2.25 : 2.75 }),
      ],
      color: { type: 'identity' },
    }),
  });
}

function runPoints({ id, contender, curve, status }: RunResult): Point[] {
  return curvePoints(curve, { series: id, contender, isComplete: status === 'complete' });
}

function curvePoints(curve: RunResult['curve'], of: Pick<Point, 'series' | 'contender' | 'isComplete'>): Point[] {
  return [[0, 0] as const, ...curve].map(([ms, written]) => ({ ...of, seconds: ms / 1000, written }));
}

/** The median time at which each share of the orders was written; a run that never got there counts as endless. */
function medianPoints({ contender, runs }: ContenderRuns): Point[] {
  const results = runs.map(({ result }) => result).filter(({ curve }) => curve.length > 0);
  const orders = results[0]?.orders.count;
  if (orders === undefined) return [];
  const points = Array.from({ length: MEDIAN_POINTS }, (_, index) => {
    const written = ((index + 1) * orders) / MEDIAN_POINTS;
    const seconds = median(results.map(({ curve }) => secondsAt(curve, written)));
    return { isComplete: true, series: contender, contender, seconds, written };
  });
  return [
    { isComplete: true, series: contender, contender, seconds: 0, written: 0 },
    ...points.filter(({ seconds }) => Number.isFinite(seconds)),
  ];
}

/** When a curve reaches a number of orders, on the straight line between its points. */
function secondsAt(curve: RunResult['curve'], written: number): number {
  const after = curve.findIndex(([, count]) => count >= written);
  const [ms, count] = curve[after] ?? [Number.POSITIVE_INFINITY, written];
  const [msBefore, countBefore] = curve[after - 1] ?? [0, 0];
  const share = count === countBefore ? 1 : (written - countBefore) / (count - countBefore);
  return (msBefore + share * (ms - msBefore)) / 1000;
}

function findingOf(ends: readonly End[], isSingle: boolean): string {
  const sorted = ends.toSorted((a, b) => a.seconds - b.seconds);
  const compared = sorted.filter(({ role }) => role === 'contender');
  const [fastest, slowest] = [compared[0] ?? sorted[0], compared.at(-1)];
  if (!fastest) return 'No run has written every order';
  if (isSingle) return 'Orders written over time, one run of a contender';
  const others = slowest && slowest !== fastest ? `, ${slowest.contender} after ${plain(slowest.seconds)} s` : '';
  return `${fastest.contender} has written the last order after ${plain(fastest.seconds)} s${others}`;
}
