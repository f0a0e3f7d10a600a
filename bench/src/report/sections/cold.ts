import type { StoredResult } from '../../results/read-results.js';
import { cpuMsPerOrder } from '../../results/result.js';
import { groupBy } from '../../text/groups.js';
import { paragraph, type Section } from '../document.js';
import { drainOf, medianOf, numberCell, sourcesOf } from '../figures.js';

/** The first burst after a start, without a warm-up. */
export function coldSection(stored: readonly StoredResult[]): Section {
  const runs = stored.filter(({ result }) => result.status === 'complete');
  const title = 'From a cold start';
  if (runs.length === 0) {
    return {
      id: 'cold',
      title,
      blocks: [
        paragraph(
          'There are no cold runs yet: `node bench/dist/main.js run --mode cold` schedules the burst for processes that have just started.',
        ),
      ],
    };
  }
  return {
    id: 'cold',
    title,
    blocks: [
      {
        kind: 'table',
        id: 'cold-table',
        caption: 'The first burst after a start, with no warm-up (medians)',
        columns: [
          { title: 'contender' },
          { title: 'runs', isNumber: true },
          { title: 'orders', isNumber: true },
          { title: 'T50', unit: 's', isNumber: true },
          { title: 'T100', unit: 's', isNumber: true },
          { title: 'app CPU an order', unit: 'ms', isNumber: true },
        ],
        rows: [...groupBy(runs, ({ result }) => `${result.contender} ${result.orders.count}`).values()].map(own => [
          { text: own[0]?.result.contender ?? '' },
          { text: String(own.length), value: own.length },
          numberCell(own[0]?.result.orders.count ?? null),
          numberCell(medianOf(own, result => seconds(drainOf(result)?.t50Ms))),
          numberCell(medianOf(own, result => seconds(drainOf(result)?.t100Ms))),
          numberCell(medianOf(own, result => cpuMsPerOrder(result, 'app'))),
        ]),
      },
      {
        kind: 'sources',
        results: sourcesOf([{ runs }]),
      },
    ],
  };
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000;
}
