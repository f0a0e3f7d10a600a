import type { StoredResult } from '../../results/read-results.js';
import { percent, plain } from '../../text/format.js';
import { groupBy } from '../../text/groups.js';
import { loadTitle, percentileChart } from '../charts/percentiles.js';
import { type Block, type Cell, paragraph, type Section, type Table } from '../document.js';
import { latencyName, roleOf } from '../evidence.js';
import { medianOf, numberCell, sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';

/** Latency of single orders at a constant rate below what a contender can bear; runs with other waiting apart. */
export function pacedSection(stored: readonly StoredResult[], palette: Palette): Section {
  const runs = stored.filter(({ result }) => result.status === 'complete' && result.latency);
  const title = 'Latency below saturation';
  if (runs.length === 0) {
    return {
      id: 'paced',
      title,
      blocks: [
        paragraph(
          'There are no paced runs yet. All orders of a burst share one start, so a burst has no latency of its own: `make paced` schedules orders at 50, 70 and 90 % of each contender’s steady rate, and times each from when it was due.',
        ),
      ],
    };
  }
  const notWhole = stored.length - runs.length;
  return {
    id: 'paced',
    title,
    blocks: [
      ...[...groupBy(runs, ({ result }) => latencyName(result))].flatMap(([added, own]) =>
        latencyBlocks(added, own, palette),
      ),
      ...(notWhole > 0 ? [paragraph(`${notWhole} paced runs are void or incomplete and left out.`)] : []),
    ],
  };
}

/** @param added name of the waiting that the stand-ins added. */
function latencyBlocks(added: string, runs: readonly StoredResult[], palette: Palette): Block[] {
  const results = runs.map(({ result }) => result);
  const suffix = added === 'none' ? '' : `-${added.replace(/\W+/g, '-')}`;
  const title = `${findingOf(runs)}${added === 'none' ? '' : ` (added latency ${added})`}`;
  const chart = percentileChart(results, { id: `paced-latency${suffix}`, title, palette });
  return [
    ...(chart ? [chart] : []),
    latencyTable(runs, `latency${suffix}`),
    {
      kind: 'sources',
      results: sourcesOf([{ runs }]),
    },
  ];
}

function latencyTable(runs: readonly StoredResult[], id: string): Table {
  const rows = [...groupBy(runs, ({ result }) => `${result.contender} ${loadOf(result)}`).values()];
  const keys = ['p50Ms', 'p90Ms', 'p99Ms', 'p999Ms', 'maxMs'] as const;
  return {
    kind: 'table',
    id,
    caption: 'Milliseconds from when an order was due to its write: medians over runs',
    columns: [
      { title: 'contender' },
      { title: 'of steady rate', isNumber: true },
      { title: 'rate', unit: 'orders/s', isNumber: true },
      { title: 'runs', isNumber: true },
      ...['p50', 'p90', 'p99', 'p99.9', 'max'].map(title => ({ title, unit: 'ms', isNumber: true as const })),
    ],
    rows: rows.map(own => [
      { text: own[0]?.result.contender ?? '' },
      shareCell(medianOf(own, result => latencyOf(result)?.shareOfSteadyRate)),
      numberCell(medianOf(own, result => latencyOf(result)?.ratePerSecond)),
      { text: String(own.length), value: own.length },
      ...keys.map(key => numberCell(medianOf(own, result => latencyOf(result)?.[key]))),
    ]),
  };
}

function shareCell(share: number | null): Cell {
  return share === null ? numberCell(null) : { text: percent(share), value: share };
}

/** What the tail is at the highest load, references left out where there are others. */
function findingOf(all: readonly StoredResult[]): string {
  const compared = all.filter(({ result }) => roleOf(result) === 'contender');
  const runs = compared.length > 0 ? compared : all;
  const loads = [...new Set(runs.map(({ result }) => loadOf(result)))].sort();
  const load = loads.at(-1);
  const p99s = [
    ...groupBy(
      runs.filter(({ result }) => loadOf(result) === load),
      ({ result }) => result.contender,
    ),
  ]
    .map(([contender, own]) => ({ contender, ms: medianOf(own, result => latencyOf(result)?.p99Ms) ?? 0 }))
    .toSorted((a, b) => a.ms - b.ms);
  const [least, most] = [p99s[0], p99s.at(-1)];
  if (!least || !most) return 'No latencies';
  const text = ({ contender, ms }: { contender: string; ms: number }) => `${plain(ms)} ms with ${contender}`;
  const range = least === most ? text(least) : `${text(least)}, ${text(most)}`;
  return `99 % of the orders are written within ${range}, each ${load}`;
}

function loadOf(result: StoredResult['result']): string {
  const latency = latencyOf(result);
  return latency ? loadTitle(latency) : '';
}

function latencyOf(result: StoredResult['result']) {
  return result.status === 'complete' ? result.latency : undefined;
}
