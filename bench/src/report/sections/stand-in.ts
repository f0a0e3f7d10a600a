import type { MetricKey } from '../../compare/metrics.js';
import { baseNameOf, STAND_IN } from '../../runtime.js';
import { type Cell, paragraph, type Section, type Table } from '../document.js';
import type { Bursts, ContenderRuns } from '../evidence.js';
import { ratioOver, ratioText } from '../headline.js';

/** What the stand-in is held against Spin in. */
const SHOWN: readonly { readonly metric: MetricKey; readonly column: string }[] = [
  { metric: 't100Ms', column: 'T100' },
  { metric: 'appCpuMsPerOrder', column: 'app CPU an order' },
  { metric: 'allCpuMsPerOrder', column: 'all CPU an order' },
  { metric: 'appPeakMemoryBytes', column: 'app peak memory' },
];

/** The stand-in's error, wherever its figures are shown; null where they are not. */
export function standInSection(bursts: Bursts): Section | null {
  if (!bursts.contenders.some(({ role }) => role === STAND_IN)) return null;
  const table = standInTable(bursts);
  return {
    id: 'stand-in',
    title: 'How far the stand-in is from Spin',
    blocks: [
      table ??
        paragraph(
          'That is not known here: no comparison has one contender on both (`make compare CONTENDERS="spin-ts@spin-3.6 spin-ts@stand-in"`).',
        ),
    ],
  };
}

/** The stand-in over Spin where a comparison has the same contender on both; null where none has. */
export function standInTable({ contenders, compared }: Bursts): Table | null {
  if (!compared || compared.comparison.noClaim !== null) return null;
  const { pairs } = compared.comparison;
  const rows = contenders
    .filter(({ role }) => role === STAND_IN)
    .flatMap(standIn =>
      contenders.filter(spin => isSameOnSpin(spin, standIn)).map(spin => [standIn.contender, spin.contender] as const),
    );
  if (rows.length === 0) return null;
  return {
    kind: 'table',
    id: 'stand-in-table',
    caption: 'The stand-in over Spin, in the same blocks: ratios, each with the 95 % interval of its pair alone',
    columns: [
      { title: 'stand-in' },
      { title: 'over' },
      ...SHOWN.map(({ column }) => ({ title: column, isNumber: true as const })),
    ],
    rows: rows.map(([standIn, spin]) => [
      { text: standIn },
      { text: spin },
      ...SHOWN.map(({ metric }): Cell => {
        const pair = pairs.find(
          one => one.metric === metric && [standIn, spin].every(name => [one.a, one.b].includes(name)),
        );
        if (!pair) return { text: '–', value: null };
        const ratio = ratioOver(pair, standIn);
        return { text: ratioText(ratio), value: ratio.ratio };
      }),
    ]),
  };
}

function isSameOnSpin(spin: ContenderRuns, standIn: ContenderRuns): boolean {
  const [own, other] = [spin, standIn].map(({ runs, voids }) => (runs[0] ?? voids[0])?.result);
  return own?.runtime.kind === 'spin' && other !== undefined && baseNameOf(own) === baseNameOf(other);
}
