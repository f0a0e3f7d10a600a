import type { StoredResult } from '../../results/read-results.js';
import { type Block, folded, type Missing, paragraph, type Section } from '../document.js';
import type { Evidence } from '../evidence.js';
import { drainOf, sourcesOf } from '../figures.js';
import { headlineOf } from '../headline.js';
import type { Palette } from '../palette.js';
import { countCell, NONE, numberCell, numbers, texts } from '../table.js';

/** Comparisons that the report is not about, each with its headline. */
export function othersSection({ others }: Evidence): Section | null {
  if (others.length === 0) return null;
  const blocks = others.flatMap((other): Block[] => {
    const { record } = other.compared ?? {};
    const { finding } = headlineOf({ bursts: other, edges: [], costs: null });
    const tuning = Object.entries(record?.plan.tuning ?? {}).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    const text = `\`${record?.id}\`${tuning.length > 0 ? ` (${tuning.join(', ')})` : ''}: ${finding}`;
    return [paragraph(text), { kind: 'sources', results: sourcesOf(other.contenders) }];
  });
  return { id: 'others', title: 'Other comparisons', blocks: [folded(`${others.length} more`, ...blocks)] };
}

/** Every run that the report is made of, the runs of sweeps excepted, whose tables name them. */
export function resultsSection({ bursts, references, paced, cold }: Evidence, palette: Palette): Section | Missing {
  const stored = [
    ...[...bursts.contenders, ...references].flatMap(({ runs, voids }) => [...runs, ...voids]),
    ...paced,
    ...cold,
  ].toSorted((a, b) => a.result.startedAt.localeCompare(b.result.startedAt));
  if (stored.length === 0) return { missing: 'any run: `make bench`' };
  return {
    id: 'results',
    title: 'Results',
    blocks: [
      folded(`All ${stored.length} runs`, {
        kind: 'table',
        id: 'results-table',
        caption: 'Every run that this report is made of; its file has all of it',
        columns: [
          texts('result'),
          texts('contender'),
          texts('mode'),
          numbers('block'),
          texts('status'),
          numbers('all written after', 's'),
          texts('started'),
        ],
        rows: stored.map(run => row(run, palette)),
      }),
    ],
  };
}

function row({ result, file }: StoredResult, palette: Palette) {
  const block = result.comparison?.block ?? null;
  const drain = drainOf(result);
  return [
    { text: `[\`${result.id}\`](${file})` },
    { text: palette.label(result.contender) },
    { text: result.mode },
    block === null ? NONE : countCell(block),
    { text: 'reason' in result ? `${result.status}: ${result.reason}` : result.status },
    numberCell(drain ? drain.t100Ms / 1000 : null),
    { text: result.startedAt.replace('T', ' ').replace(/\.\d+Z/, ' UTC') },
  ];
}
