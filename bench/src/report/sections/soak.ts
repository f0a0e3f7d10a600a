import * as Plot from '@observablehq/plot';
import { appRssBytes, type SoakMinute, soakOf } from '../../figures/soak.js';
import type { StoredResult } from '../../results/read-results.js';
import type { MinuteFigures, RunResult } from '../../results/result.js';
import { axisNumber, listed, plain } from '../../text/format.js';
import { axisLabel, chartOf, contenderLegend, GRID } from '../charts/frame.js';
import type { Block, Chart, Section } from '../document.js';
import { sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';

interface Point {
  /** One curve. */
  readonly id: string;
  readonly contender: string;
  readonly minute: number;
  readonly value: number;
}

/** One chart of something that should stay level. */
interface LevelChart {
  readonly id: string;
  /** What is shown, within a sentence. */
  readonly what: string;
  readonly unit: string;
  readonly description: string;
  readonly read: (result: RunResult, minute: MinuteFigures) => number | null;
  /** The same in the two minutes that are held against each other. */
  readonly readSoak: (minute: SoakMinute) => number | null;
}

const MEBIBYTE = 2 ** 20;

const LATENCY: LevelChart = {
  id: 'soak-latency',
  what: 'p99',
  unit: 'ms',
  description: 'The 99th percentile of the latencies of the orders that were due in each minute.',
  read: (_, { p99Ms }) => p99Ms,
  readSoak: ({ p99Ms }) => p99Ms,
};

const MEMORY: LevelChart = {
  id: 'soak-memory',
  what: 'app memory',
  unit: 'MiB',
  description:
    'Resident memory of all app processes at the end of each minute; pages that processes share count in each of them.',
  read: (result, minute) => inMebibytes(appRssBytes(result, minute)),
  readSoak: ({ appRssBytes: bytes }) => inMebibytes(bytes),
};

/** Latency and memory over the minutes of long paced runs. Null where no complete run has minutes. */
export function soakSection(stored: readonly StoredResult[], palette: Palette): Section | null {
  const runs = stored.filter(({ result }) => result.status === 'complete' && result.minutes);
  if (runs.length === 0) return null;
  const results = runs.map(({ result }) => result);
  const charts = [LATENCY, MEMORY].flatMap((level): Block[] => {
    const chart = levelChart(results, level, palette);
    return chart ? [chart] : [];
  });
  return {
    id: 'soak',
    title: 'Memory and latency over a soak',
    blocks: [
      ...charts,
      {
        kind: 'sources',
        results: sourcesOf([{ runs }]),
      },
    ],
  };
}

/** Null where the figure is known in no minute. */
function levelChart(results: readonly RunResult[], level: LevelChart, palette: Palette): Chart | null {
  const points = results.flatMap(result => pointsOf(result, level));
  if (points.length === 0) return null;
  const contenders = [...new Set(points.map(({ contender }) => contender))];
  const title = findingOf(results, level);
  const description = `${level.description} A line is one run: a level one is what a soak is to show.`;
  const stroke = ({ contender }: Point) => palette(contender);
  return chartOf({
    id: level.id,
    title,
    description,
    frame: format => ({
      legend: contenderLegend(contenders, palette),
      height: format === 'narrow' ? 200 : 220,
      plot: () => ({
        marginLeft: 72,
        marginRight: 20,
        marginBottom: 42,
        marginTop: 16,
        x: { ...axisLabel('minute'), ticks: 6, tickFormat: minuteText },
        y: {
          label: null,
          zero: true,
          ticks: 5,
          tickFormat: (value: number) => `${axisNumber(value)} ${level.unit}`,
        },
        marks: [
          Plot.gridY({ ticks: 5, ...GRID }),
          Plot.line(points, { className: 'runs', x: 'minute', y: 'value', z: 'id', stroke, strokeWidth: 1.75 }),
          Plot.dot(points, { className: 'minutes', x: 'minute', y: 'value', r: 2, fill: stroke }),
        ],
        color: { type: 'identity' },
      }),
    }),
  });
}

function pointsOf(result: RunResult, { read }: LevelChart): Point[] {
  if (result.status !== 'complete') return [];
  return (result.minutes ?? []).flatMap(minute => {
    const value = read(result, minute);
    return value === null ? [] : [{ id: result.id, contender: result.contender, minute: minute.minute, value }];
  });
}

/** From the second minute to the last full one, run by run; a run too short for that has no say. */
function findingOf(results: readonly RunResult[], { what, unit, readSoak }: LevelChart): string {
  const changes = results.flatMap(result => {
    const soak = soakOf(result);
    if (!soak) return [];
    const [before, after] = [readSoak(soak.first), readSoak(soak.last)];
    if (before === null || after === null) return [];
    const { first, last } = soak;
    return [
      `${plain(before)} and ${plain(after)} ${unit} with ${result.contender} (minutes ${first.minute} and ${last.minute})`,
    ];
  });
  return changes.length === 0
    ? `${what} by minute, in ${unit}`
    : `${what} near the start and at the end: ${listed(changes)}`;
}

function inMebibytes(bytes: number | null): number | null {
  return bytes === null ? null : bytes / MEBIBYTE;
}

/** Minutes are whole: a tick between two of them has no name. */
function minuteText(minute: number): string {
  return Number.isInteger(minute) ? String(minute) : '';
}
