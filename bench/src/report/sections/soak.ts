import * as Plot from '@observablehq/plot';
import { appRssBytes, type SoakMinute, soakOf } from '../../figures/soak.js';
import type { StoredResult } from '../../results/read-results.js';
import type { MinuteFigures, RunResult } from '../../results/result.js';
import { axisNumber, listed, plain } from '../../text/format.js';
import { axisLabel, chartOf, GRID } from '../charts/frame.js';
import type { Block, Chart, Section } from '../document.js';
import { sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { soakReason } from '../soak-reason.js';

interface Point {
  /** Its label. */
  readonly run: string;
  readonly colour: string;
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
  const soaks = labelled(
    runs.map(({ result }) => result),
    palette,
  );
  const charts = [LATENCY, MEMORY].flatMap((level): Block[] => {
    const chart = levelChart(soaks, level);
    return chart ? [chart] : [];
  });
  const slow = soaks.flatMap(({ label, result }) => {
    const reason = soakReason(result);
    return reason === null ? [] : [`${label} ${reason}.`];
  });
  return {
    id: 'soak',
    title: 'Memory and latency over a soak',
    blocks: [
      ...charts,
      ...(slow.length > 0 ? [{ kind: 'list', items: slow } as const] : []),
      { kind: 'sources', results: sourcesOf([{ runs }]) },
    ],
  };
}

/** A run with a name that no other has, and a stroke that tells it from others of its contender. */
interface LabelledRun {
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
  readonly result: RunResult;
}

/** Of the runs of one contender, in their order. */
const DASHES = ['none', '6 3', '2 3', '9 3 2 3'];

/** Where a contender has several, rate and start tell them apart. */
function labelled(results: readonly RunResult[], palette: Palette): LabelledRun[] {
  return results.map(result => {
    const own = results.filter(({ contender }) => contender === result.contender);
    const name = palette.label(result.contender);
    const rate = result.status === 'complete' ? axisNumber(result.latency?.ratePerSecond ?? 0) : '';
    const started = result.startedAt.slice(0, 16).replace('T', ' ');
    return {
      label: own.length > 1 ? `${name} (${rate} orders/s, ${started})` : name,
      colour: palette.colour(result.contender),
      dash: DASHES[own.indexOf(result) % DASHES.length] ?? 'none',
      result,
    };
  });
}

/** Null where the figure is known in no minute. */
function levelChart(runs: readonly LabelledRun[], level: LevelChart): Chart | null {
  const points = runs.flatMap(run => pointsOf(run, level));
  if (points.length === 0) return null;
  const title = findingOf(runs, level);
  const description = `${level.description} A line is one run: a level one is what a soak is to show.`;
  const shown = runs.filter(({ label }) => points.some(({ run }) => run === label));
  return chartOf({
    id: level.id,
    title,
    description,
    frame: format => ({
      legend: shown.map(({ label, colour, dash }) => ({ label, colour, dash })),
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
          // A mark a run: only a mark as a whole can be dashed.
          ...shown.map(({ label, colour, dash }) =>
            Plot.line(
              points.filter(({ run }) => run === label),
              { className: 'runs', x: 'minute', y: 'value', stroke: colour, strokeWidth: 1.75, strokeDasharray: dash },
            ),
          ),
          Plot.dot(points, {
            className: 'minutes',
            x: 'minute',
            y: 'value',
            r: 2,
            fill: ({ colour }: Point) => colour,
          }),
        ],
        color: { type: 'identity' },
      }),
    }),
  });
}

function pointsOf({ label, colour, result }: LabelledRun, { read }: LevelChart): Point[] {
  if (result.status !== 'complete') return [];
  return (result.minutes ?? []).flatMap(minute => {
    const value = read(result, minute);
    return value === null ? [] : [{ run: label, colour, minute: minute.minute, value }];
  });
}

/** From the second minute to the last full one, run by run; a run too short for that has no say. */
function findingOf(runs: readonly LabelledRun[], { what, unit, readSoak }: LevelChart): string {
  const changes = runs.flatMap(({ label, result }) => {
    const soak = soakOf(result);
    if (!soak) return [];
    const [before, after] = [readSoak(soak.first), readSoak(soak.last)];
    if (before === null || after === null) return [];
    return [`${label} ${plain(before)} to ${plain(after)} ${unit}`];
  });
  return changes.length === 0
    ? `${what} by minute, in ${unit}`
    : `${what} from the second minute to the last full one, one run each: ${listed(changes)}`;
}

function inMebibytes(bytes: number | null): number | null {
  return bytes === null ? null : bytes / MEBIBYTE;
}

/** Minutes are whole: a tick between two of them has no name. */
function minuteText(minute: number): string {
  return Number.isInteger(minute) ? String(minute) : '';
}
