import { medianInterval } from '../../judge/median-interval.js';
import type { StoredResult } from '../../results/read-results.js';
import { plain } from '../../text/format.js';
import { groupBy } from '../../text/groups.js';
import { loadTitle, percentileChart } from '../charts/percentiles.js';
import { type Block, folded, type Missing, paragraph, type Section, type Table } from '../document.js';
import { latencyName, roleOf } from '../evidence.js';
import { isOneRun, medianOf, sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { rangeText } from '../ratio-text.js';
import { countCell, medianCell, numberCell, numbers, shareCell, texts } from '../table.js';

const PERCENTILES = ['p50Ms', 'p90Ms', 'p99Ms', 'p999Ms', 'maxMs'] as const;

/** Latency of single orders at a constant rate below what a contender can take; runs with other waiting apart. */
export function pacedSection(stored: readonly StoredResult[], palette: Palette): Section | Missing {
  const runs = stored.filter(({ result }) => result.status === 'complete' && result.latency);
  if (runs.length === 0) {
    return {
      missing:
        'latency of single orders, which a burst has not, for all its orders share one start: `make paced` sends them at 50, 70 and 90 % of each contender’s steady rate',
    };
  }
  const notWhole = stored.length - runs.length;
  return {
    id: 'paced',
    title: 'Latency below the highest rate',
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
    folded('Latencies in numbers', latencyTable(runs, `latency${suffix}`, palette)),
    {
      kind: 'sources',
      results: sourcesOf([{ runs }]),
    },
  ];
}

function latencyTable(runs: readonly StoredResult[], id: string, palette: Palette): Table {
  const rows = [...groupBy(runs, ({ result }) => `${result.contender} ${loadOf(result)}`).values()];
  return {
    kind: 'table',
    id,
    caption:
      'Milliseconds from when an order was due to its write: medians over runs, and below each its 95 % interval (of fewer than 6 runs, the least and the most)',
    columns: [
      texts('contender'),
      numbers('of steady rate'),
      numbers('rate', 'orders/s'),
      numbers('runs'),
      ...['p50', 'p90', 'p99', 'p99.9', 'max'].map(title => numbers(title, 'ms')),
    ],
    rows: rows.map(own => [
      { text: palette.label(own[0]?.result.contender ?? '') },
      shareCell(medianOf(own, result => latencyOf(result)?.shareOfSteadyRate)),
      numberCell(medianOf(own, result => latencyOf(result)?.ratePerSecond)),
      countCell(own.length),
      ...PERCENTILES.map(key => medianCell(valuesOf(own, key))),
    ]),
  };
}

/** What the tail is at the highest load that all were measured at, references left out where there are others. */
function findingOf(all: readonly StoredResult[]): string {
  const compared = all.filter(({ result }) => roleOf(result) === 'contender');
  const runs = compared.length > 0 ? compared : all;
  const contenders = [...groupBy(runs, ({ result }) => result.contender)];
  const loads = [...new Set(runs.map(({ result }) => loadOf(result)))].sort();
  const at = (load: string | undefined, own: readonly StoredResult[]) =>
    own.filter(({ result }) => loadOf(result) === load);
  const load = loads.findLast(load => contenders.every(([, own]) => at(load, own).length > 0)) ?? loads.at(-1);
  const p99s = contenders
    .map(([contender, own]) => ({ contender, runs: at(load, own) }))
    .filter(({ runs: own }) => own.length > 0)
    .map(own => ({ ...own, ...medianInterval(valuesOf(own.runs, 'p99Ms')) }))
    .toSorted((a, b) => a.median - b.median);
  const [least, most] = [p99s[0], p99s.at(-1)];
  if (!least || !most) return 'No latencies';
  if (p99s.some(isOneRun)) return 'Latency by percentile, one run of a contender at a rate';
  const text = ({ contender, median, low, high }: (typeof p99s)[number]) =>
    `${plain(median)} ms with ${contender} (${rangeText(low, high)})`;
  const range = least === most ? text(least) : `${text(least)}, ${text(most)}`;
  return `99 % of the orders are written within ${range}, each ${load}`;
}

function valuesOf(runs: readonly StoredResult[], key: (typeof PERCENTILES)[number]): number[] {
  return runs.flatMap(({ result }) => latencyOf(result)?.[key] ?? []);
}

function loadOf(result: StoredResult['result']): string {
  const latency = latencyOf(result);
  return latency ? loadTitle(latency) : '';
}

function latencyOf(result: StoredResult['result']) {
  return result.status === 'complete' ? result.latency : undefined;
}
