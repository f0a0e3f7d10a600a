import * as Plot from '@observablehq/plot';
import type { HistoryEntry } from '../../judge/history.js';
import { axisNumber } from '../../text/format.js';
import type { Chart } from '../document.js';
import type { Palette } from '../palette.js';
import { axisLabel, axisTitle, chartOf, contenderLegend, GRID } from './frame.js';

interface Point {
  readonly comparison: string;
  readonly contender: string;
  readonly series: string;
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

const LEFT_PX = 46;

/** Time to drain of every contender, comparison after comparison; null where none ended. */
export function historyChart(entries: readonly HistoryEntry[], palette: Palette): Chart | null {
  const labels = entries.map((entry, index) => label(entry, entries[index - 1]));
  const points = entries.flatMap((entry, index) => pointsOf(entry, labels[index] ?? ''));
  if (points.length === 0) return null;
  const stroke = ({ contender }: Point) => palette.colour(contender);
  return chartOf({
    id: 'history',
    title: 'Time to drain in each comparison of the same work on the same machine',
    description:
      'A point is a contender’s median in one comparison, its bar the interval. Lines join the comparisons of one contender, whatever version ran it; below a comparison stands what had changed.',
    frame: () => ({
      legend: contenderLegend([...new Set(points.map(({ contender }) => contender))], palette),
      height: 260 + LABEL_LINE_PX * linesOf(labels),
      plot: () => ({
        marginLeft: LEFT_PX,
        marginBottom: 22 + LABEL_LINE_PX * linesOf(labels),
        marginTop: 40,
        x: { type: 'point', domain: labels, padding: 0.4, ...axisLabel('comparison: day and commit') },
        y: { zero: true, label: null, tickFormat: axisNumber },
        marks: [
          Plot.gridY(GRID),
          Plot.ruleX(points, {
            className: 'intervals',
            x: 'comparison',
            y1: 'low',
            y2: 'high',
            stroke,
            strokeWidth: 6,
            strokeOpacity: 0.28,
          }),
          Plot.line(points, {
            className: 'medians',
            x: 'comparison',
            y: 'seconds',
            z: 'series',
            stroke,
            strokeWidth: 2,
          }),
          Plot.dot(points, { className: 'runs', x: 'comparison', y: 'seconds', r: 3.5, fill: stroke }),
          axisTitle('seconds', LEFT_PX),
        ],
        color: { type: 'identity' },
      }),
    }),
  });
}

/** Unlike for every comparison: its time of day tells those of one day and one commit apart. */
function label({ startedAt, commits, versions }: HistoryEntry, before: HistoryEntry | undefined): string {
  const changed = VERSIONS.filter(({ key }) => before && before.versions[key].join() !== versions[key].join());
  return [
    startedAt.slice(5, 16).replace('T', ' '),
    commits.join(' '),
    ...changed.map(({ key, title }) => `${title} ${versions[key].join(', ') || 'none'}`),
  ].join('\n');
}

const VERSIONS = [
  { key: 'spin', title: 'Spin' },
  { key: 'dapr', title: 'Dapr' },
  { key: 'node', title: 'Node' },
] as const;

const LABEL_LINE_PX = 13;

function linesOf(labels: readonly string[]): number {
  return Math.max(...labels.map(text => text.split('\n').length));
}

function pointsOf({ contenders }: HistoryEntry, comparison: string): Point[] {
  return contenders
    .filter(({ t100Ms }) => Number.isFinite(t100Ms.high))
    .map(({ contender, series, t100Ms: { median, low, high } }) => ({
      comparison,
      contender,
      series,
      seconds: median / 1000,
      low: low / 1000,
      high: high / 1000,
    }));
}
