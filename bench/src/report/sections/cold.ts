import type { StoredResult } from '../../results/read-results.js';
import { cpuMsPerOrder } from '../../results/result.js';
import { groupBy } from '../../text/groups.js';
import type { Missing, Section } from '../document.js';
import { drainOf, medianOf, sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { countCell, numberCell, numbers, texts } from '../table.js';

/** The first burst after a start, without a warm-up. */
export function coldSection(stored: readonly StoredResult[], palette: Palette): Section | Missing {
  const runs = stored.filter(({ result }) => result.status === 'complete');
  if (runs.length === 0)
    return {
      missing:
        'a burst from a cold start: `node bench/dist/main.js run --mode cold` sends it to processes that have just started',
    };
  return {
    id: 'cold',
    title: 'From a cold start',
    blocks: [
      {
        kind: 'table',
        id: 'cold-table',
        caption: 'The first burst after a start, with no warm-up (medians)',
        columns: [
          texts('contender'),
          numbers('runs'),
          numbers('orders'),
          numbers('half written after', 's'),
          numbers('all written after', 's'),
          numbers('app CPU per order', 'ms'),
        ],
        rows: [...groupBy(runs, ({ result }) => `${result.contender} ${result.orders.count}`).values()].map(own => [
          { text: palette.label(own[0]?.result.contender ?? '') },
          countCell(own.length),
          numberCell(own[0]?.result.orders.count ?? null),
          numberCell(medianOf(own, result => seconds(drainOf(result)?.t50Ms))),
          numberCell(medianOf(own, result => seconds(drainOf(result)?.t100Ms))),
          numberCell(medianOf(own, result => cpuMsPerOrder(result, 'app'))),
        ]),
      },
      { kind: 'sources', results: sourcesOf([{ runs }]) },
    ],
  };
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000;
}
