import type { StoredResult } from '../../results/read-results.js';
import { paragraph, type Section } from '../document.js';
import type { Evidence } from '../evidence.js';
import { drainOf, numberCell, sourcesOf } from '../figures.js';
import { headlineOf } from '../headline.js';

/** Comparisons that the report is not about, each with its headline. */
export function othersSection({ others }: Evidence): Section | null {
  if (others.length === 0) return null;
  return {
    id: 'others',
    title: 'Other comparisons',
    blocks: others.flatMap(other => {
      const { record } = other.compared ?? {};
      const { finding } = headlineOf(other);
      const results = sourcesOf(other.contenders);
      const tuning = Object.entries(record?.plan.tuning ?? {}).map(
        ([name, value]) => `${name} ${JSON.stringify(value)}`,
      );
      const text = `\`${record?.id}\`${tuning.length > 0 ? ` (${tuning.join(', ')})` : ''}: ${finding}`;
      return [paragraph(text), { kind: 'sources', results } as const];
    }),
  };
}

/** Every run that the report is made of, the runs of sweeps excepted, whose tables name them. */
export function resultsSection({ bursts, references, paced, cold }: Evidence): Section {
  const stored = [
    ...[...bursts.contenders, ...references].flatMap(({ runs, voids }) => [...runs, ...voids]),
    ...paced,
    ...cold,
  ].toSorted((a, b) => a.result.startedAt.localeCompare(b.result.startedAt));
  if (stored.length === 0) return { id: 'results', title: 'Results', blocks: [paragraph('There are none yet.')] };
  return {
    id: 'results',
    title: 'Results',
    blocks: [
      {
        kind: 'table',
        id: 'results-table',
        caption: 'Every run that this report is made of; its file has all of it',
        columns: [
          { title: 'result' },
          { title: 'contender' },
          { title: 'mode' },
          { title: 'block', isNumber: true },
          { title: 'status' },
          { title: 'T100', unit: 's', isNumber: true },
          { title: 'started' },
        ],
        rows: stored.map(row),
      },
    ],
  };
}

function row({ result, file }: StoredResult) {
  const block = result.comparison?.block ?? null;
  const drain = drainOf(result);
  return [
    { text: `[\`${result.id}\`](${file})` },
    { text: result.contender },
    { text: result.mode },
    block === null ? { text: '–', value: null } : { text: String(block), value: block },
    { text: 'reason' in result ? `${result.status}: ${result.reason}` : result.status },
    numberCell(drain ? drain.t100Ms / 1000 : null),
    { text: result.startedAt.replace('T', ' ').replace(/\.\d+Z/, ' UTC') },
  ];
}
