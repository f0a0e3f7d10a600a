import { ranksLast } from '../../judge/metrics.js';
import type { StoredResult } from '../../results/read-results.js';
import type { RunResult } from '../../results/result.js';
import { cpuMsPerOrder } from '../../results/result.js';
import type { Sweep } from '../../results/stored-sweep.js';
import { listed, percent, plain } from '../../text/format.js';
import { groupBy } from '../../text/groups.js';
import { sweepChart } from '../charts/sweep.js';
import { type Block, type Cell, folded, type Missing, type Section, type Table } from '../document.js';
import { drainOf, medianOf, peakMebibytes, sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { ratioText } from '../ratio-text.js';
import { type SettingEffect, settingEffects } from '../setting-effects.js';
import { countCell, NONE, numberCell, numbers, texts } from '../table.js';

interface SweepFigure {
  readonly id: string;
  /** In a title, after a value. */
  readonly unit: string;
  readonly axis: string;
  /** In a table's header; the unit stands apart, for a ratio has none. */
  readonly column: { readonly title: string; readonly unit: string };
  readonly isBetterHigh: boolean;
  readonly read: (result: RunResult) => number | null;
}

const STEADY_RATE: SweepFigure = {
  id: 'rate',
  unit: 'orders/s',
  axis: 'steady orders/s',
  column: { title: 'rate', unit: 'orders/s' },
  isBetterHigh: true,
  read: result => drainOf(result)?.steadyOrdersPerSecond ?? null,
};

/** For a sweep over the number of orders: a level line is a drain time in proportion to the orders. */
const SECONDS_PER_THOUSAND: SweepFigure = {
  id: 'seconds',
  unit: 's per thousand orders',
  axis: 'seconds per thousand orders',
  column: { title: 'time to drain', unit: 's per thousand' },
  isBetterHigh: false,
  read: result => {
    const drain = drainOf(result);
    return drain ? drain.t100Ms / result.orders.count : null;
  },
};

const APP_CPU: SweepFigure = {
  id: 'cpu',
  unit: 'ms app CPU per order',
  axis: 'app CPU ms per order',
  column: { title: 'app CPU', unit: 'ms' },
  isBetterHigh: false,
  read: result => cpuMsPerOrder(result, 'app'),
};

const APP_MEMORY: SweepFigure = {
  id: 'memory',
  unit: 'MiB at the peak',
  axis: 'app peak memory, MiB',
  column: { title: 'memory', unit: 'MiB' },
  isBetterHigh: false,
  read: result => peakMebibytes(result, 'app'),
};

/** Every sweep, folded: its grid drawn, and its table. */
export function sweepsSection(sweeps: readonly Sweep[], palette: Palette): Section | Missing {
  if (sweeps.length === 0)
    return { missing: 'what settings do: `make sweep` varies them over a grid, each combination several times' };
  const blocks = sweeps.map(sweep => {
    const { vary, runs } = sweep.record.plan;
    return folded(
      `${listed(Object.keys(vary))}: ${sweep.cells.length} combinations, ${runs} run${runs === 1 ? '' : 's'} each`,
      ...sweepBlocks(sweep, palette),
    );
  });
  return { id: 'sweeps', title: 'What settings do', blocks };
}

function sweepBlocks(sweep: Sweep, palette: Palette): Block[] {
  const { record, cells } = sweep;
  const { plan } = record;
  const names = Object.keys(plan.vary);
  const drawn = [names[0] === 'orders' ? SECONDS_PER_THOUSAND : STEADY_RATE, APP_CPU];
  const figures = [...drawn, APP_MEMORY];
  const charts = drawn.map(figure =>
    sweepChart({
      id: `sweep-${record.id.toLowerCase()}-${figure.id}`,
      title: findingOf(sweep, figure),
      description: `${listed(names)} varied; a dot is a run, the line goes through the medians. ${plan.runs} runs of each combination${
        record.status === 'short' ? ' were planned; the sweep is short' : ''
      }.`,
      axis: figure.axis,
      sweep,
      palette,
      read: figure.read,
    }),
  );
  return [
    ...charts.filter(chart => chart !== null),
    sweepTable(sweep, figures, palette),
    effectsTable(sweep, figures, palette),
    {
      kind: 'sources',
      results: sourcesOf(cells),
    },
  ];
}

function sweepTable({ record, cells }: Sweep, figures: readonly SweepFigure[], palette: Palette): Table {
  const names = Object.keys(record.plan.vary);
  return {
    kind: 'table',
    id: `sweep-${record.id.toLowerCase()}`,
    caption: `Sweep ${record.id}, medians over complete runs: ${listed(figures.map(({ axis }) => axis))}`,
    columns: [
      texts('contender'),
      ...names.map(name => numbers(name)),
      numbers('runs'),
      ...figures.map(({ column }) => numbers(column.title, column.unit)),
    ],
    rows: cells.map(({ contender, values, runs }) => [
      { text: palette.label(contender) },
      ...names.map(name => {
        const value = values[name];
        return { text: String(value ?? '–'), value: typeof value === 'number' ? value : null };
      }),
      countCell(runs.length),
      ...figures.map(({ read }) => numberCell(medianOf(runs.filter(isComplete), read))),
    ]),
  };
}

/** Each setting by itself. A ratio that the runs do not decide stands behind a `~`, alone where they are too few for an interval. */
function effectsTable(sweep: Sweep, figures: readonly SweepFigure[], palette: Palette): Table {
  const effects = figures.map(({ read }) => settingEffects(sweep, result => (ranksLast(result) ? null : read(result))));
  return {
    kind: 'table',
    id: `sweep-${sweep.record.id.toLowerCase()}-effects`,
    caption:
      'Each setting by itself: the ratio of one value to the other, in runs of the same round with all else the same (~: undecided)',
    columns: [
      texts('contender'),
      texts('setting'),
      texts('values'),
      numbers('pairs'),
      ...figures.map(({ column }) => numbers(column.title)),
    ],
    rows: (effects[0] ?? []).map(({ contender, setting, from, to, pairs }) => [
      { text: palette.label(contender) },
      { text: setting },
      { text: `${to} over ${from}` },
      countCell(pairs),
      ...effects.map(own =>
        effectCell(own.find(one => one.contender === contender && one.setting === setting && one.to === to)),
      ),
    ]),
  };
}

function effectCell(effect: SettingEffect | undefined): Cell {
  if (!effect) return NONE;
  const { ratio, isDecided } = effect;
  const text = ratioText(ratio);
  return { text: isDecided ? text : `~ ${text}`, value: ratio.ratio };
}

/** What differs by less between the best and the worst combination is not worth a sentence on which is which. */
const LEAST_FACTOR = 1.05;

/** How far the figure moves over the grid for the contender that it moves most for. */
function findingOf({ cells, record }: Sweep, { axis, read, unit, isBetterHigh }: SweepFigure): string {
  if (record.plan.runs === 1) return `One run of each combination: ${axis}`;
  const ranges = [...groupBy(cells, ({ contender }) => contender)].flatMap(([contender, own]) => {
    const found = own
      .map(cell => ({ cell, value: medianOf(cell.runs.filter(isComplete), read) }))
      .filter(one => one.value !== null)
      .toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0));
    const [least, most] = [found[0], found.at(-1)];
    return least?.value && most?.value ? [{ contender, least, most, factor: most.value / least.value }] : [];
  });
  const widest = ranges.toSorted((a, b) => b.factor - a.factor)[0];
  if (!widest) return 'No combination has a complete run';
  if (widest.factor < LEAST_FACTOR)
    return `Hardly any difference in ${axis}: at most ${percent(widest.factor - 1)} (${widest.contender})`;
  const { contender, least, most } = widest;
  const [best, worst] = isBetterHigh ? [most, least] : [least, most];
  const setting = Object.entries(best.cell.values).map(([name, value]) => `${name} ${value}`);
  return `${contender}: medians of ${plain(worst.value ?? 0)} to ${plain(best.value ?? 0)} ${unit}, the best with ${listed(setting)}`;
}

function isComplete({ result }: StoredResult): boolean {
  return result.status === 'complete';
}
