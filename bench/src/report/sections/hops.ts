import type { StoredResult } from '../../results/read-results.js';
import { plain } from '../../text/format.js';
import { groupBy } from '../../text/groups.js';
import { type HopRow, hopChart, hopRows } from '../charts/hops.js';
import { type Block, type Cell, folded, type Missing, type Section, type Table } from '../document.js';
import { type ContenderRuns, latencyName } from '../evidence.js';
import { sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { numberCell, numbers, texts } from '../table.js';

/** The paced load whose hops are shown beside a burst's: busy, and without a backlog. */
const PACED_SHARE = 0.7;

/** Where an order's time goes, hop by hop: in a burst, and where nothing queues up. */
export function hopsSection(
  groups: readonly ContenderRuns[],
  paced: readonly StoredResult[],
  palette: Palette,
): Section | Missing {
  const bursts = groups.flatMap(({ runs }) => runs).filter(({ result }) => result.hops.length > 0);
  const steady = paced.filter(
    ({ result }) =>
      result.status === 'complete' &&
      result.latency?.shareOfSteadyRate === PACED_SHARE &&
      result.hops.length > 0 &&
      (bursts[0] === undefined || latencyName(result) === latencyName(bursts[0].result)),
  );
  const blocks: Block[] = [];
  const add = (id: string, when: string, runs: readonly StoredResult[]) => {
    const rows = hopRows(runs);
    const chart = hopChart({
      id,
      title: findingOf(rows, when),
      description: `Mean milliseconds that an order spends in each hop ${when}, medians over runs; the axis is logarithmic.`,
      rows,
      palette,
    });
    if (chart) {
      const table = hopsTable({ id: `${id}-table`, when, rows, palette });
      blocks.push(chart, folded(`Hops ${when}, in numbers`, table), {
        kind: 'sources',
        results: sourcesOf([{ runs }]),
      });
    }
  };
  add('hops-burst', 'in a burst', bursts);
  add('hops-paced', 'at 70 % of the steady rate', steady);
  if (blocks.length === 0) return { missing: 'where an order’s time goes: `make bench`' };
  return { id: 'hops', title: 'Where the time goes', blocks };
}

interface HopsTableOptions {
  readonly id: string;
  readonly when: string;
  readonly rows: readonly HopRow[];
  readonly palette: Palette;
}

function hopsTable({ id, when, rows, palette }: HopsTableOptions): Table {
  const contenders = [...new Set(rows.map(({ contender }) => contender))];
  return {
    kind: 'table',
    id,
    caption:
      `Mean ms by hop ${when}, and who recorded it; below it the 99th percentile where broker or blob server recorded each order, ` +
      'and where only daprd’s sums are known how long a handler was held, answers included',
    columns: [texts('hop'), ...contenders.map(contender => numbers(palette.label(contender), 'ms'))],
    rows: [...groupBy(rows, ({ title }) => title)].map(([title, own]) => [
      { text: title, detail: own[0]?.source ?? '' },
      ...contenders.map(contender => hopCell(own.find(row => row.contender === contender))),
    ]),
  };
}

function hopCell(row: HopRow | undefined): Cell {
  if (!row) return numberCell(null);
  const { meanMs, p99Ms, handlerMs } = row;
  if (p99Ms !== null) return numberCell(meanMs, `p99 ${plain(p99Ms)}`);
  return handlerMs === null ? numberCell(meanMs) : numberCell(meanMs, `held ${plain(handlerMs)}`);
}

function findingOf(rows: readonly HopRow[], when: string): string {
  const longest = rows.toSorted((a, b) => b.meanMs - a.meanMs)[0];
  if (!longest) return '';
  return `The longest hop ${when} is “${longest.title}”, up to ${plain(longest.meanMs)} ms on average (${longest.contender})`;
}
