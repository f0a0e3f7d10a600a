import { type HistoryEntry, historyEntry } from '../../judge/history.js';
import { historyChart } from '../charts/history.js';
import { folded, type Missing, paragraph, type Section, type Table } from '../document.js';
import type { Bursts, Evidence } from '../evidence.js';
import { sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { numberCell, numbers, texts } from '../table.js';

/** How times to drain changed between comparisons of the same work on the same machine. */
export function historySection(
  { bursts, others }: Pick<Evidence, 'bursts' | 'others'>,
  palette: Palette,
): Section | Missing {
  const now = entryOf(bursts);
  const alike = [bursts, ...others].filter(one => entryOf(one)?.setting === now?.setting);
  const entries = alike.flatMap(one => entryOf(one) ?? []).sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  const chart = entries.length < 2 ? null : historyChart(entries, palette);
  if (!chart) {
    return {
      missing: 'how times changed with versions: a second `make compare` with the same work on the same machine',
    };
  }
  return {
    id: 'history',
    title: 'Over versions',
    blocks: [
      paragraph('Comparisons of different days are not interleaved: what lies between two of them may be the machine.'),
      chart,
      folded(`${entries.length} comparisons`, historyTable(entries)),
      { kind: 'sources', results: sourcesOf(alike.flatMap(({ contenders }) => contenders)) },
    ],
  };
}

function entryOf({ contenders, compared }: Bursts): HistoryEntry | null {
  if (!compared) return null;
  const results = contenders.flatMap(({ runs }) => runs.map(({ result }) => result));
  return historyEntry({ record: compared.record, results }, compared.comparison);
}

function historyTable(entries: readonly HistoryEntry[]): Table {
  return {
    kind: 'table',
    id: 'history-table',
    caption: 'Each contender in each comparison (medians)',
    columns: [
      ...['comparison', 'commit', 'Spin', 'Dapr', 'Node', 'contender'].map(title => texts(title)),
      numbers('time to drain', 's'),
    ],
    rows: entries.flatMap(({ id, commits, versions, contenders }) =>
      contenders.map(({ contender, t100Ms }) => [
        ...[id, commits.join(', '), versions.spin, versions.dapr, versions.node].map(text => ({
          text: (typeof text === 'string' ? text : text.join(', ')) || '–',
        })),
        { text: contender },
        numberCell(Number.isFinite(t100Ms.median) ? t100Ms.median / 1000 : null),
      ]),
    ),
  };
}
