import { drainChart } from '../charts/drain.js';
import { type Block, type Missing, paragraph, type Section } from '../document.js';
import type { Bursts } from '../evidence.js';
import { sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';

/** How the orders came to be written, run by run. */
export function drainSection({ contenders }: Bursts, palette: Palette): Section | Missing {
  const groups = contenders.filter(({ runs }) => runs.length > 0);
  const chart = drainChart(groups, palette);
  if (!chart) return { missing: 'how a burst drains: `make bench` or `make compare`' };
  const faulty = contenders.flatMap(({ contender, runs, voids }) =>
    [...runs.filter(({ result }) => result.status === 'incomplete'), ...voids].map(
      ({ result }) =>
        `\`${result.id}\` (${contender}) is ${result.status}: ${'reason' in result ? result.reason : ''}.`,
    ),
  );
  const named: Block[] =
    faulty.length > 0 ? [paragraph('Runs that are not whole, kept and named:'), { kind: 'list', items: faulty }] : [];
  return {
    id: 'drain',
    title: 'How the burst drains',
    blocks: [chart, ...named, { kind: 'sources', results: sourcesOf(groups) }],
  };
}
