import { baseNameOf, STAND_IN } from '../../contenders/runtime.js';
import { median } from '../../judge/median.js';
import type { MetricKey } from '../../judge/metrics.js';
import type { K6TestResult } from '../../results/k6-result.js';
import type { StoredK6Result } from '../../results/k6-result-file.js';
import { groupBy } from '../../text/groups.js';
import { type Cell, folded, paragraph, type Section, type Table } from '../document.js';
import type { Bursts, ContenderRuns } from '../evidence.js';
import { ratioOver } from '../pairs.js';
import { rangeText, ratioNumber, ratioRange } from '../ratio-text.js';
import { countCell, NONE, numberCell, numbers, texts } from '../table.js';

/** What the stand-in is held against Spin in. */
const SHOWN: readonly { readonly metric: MetricKey; readonly column: string }[] = [
  { metric: 't100Ms', column: 'time to drain' },
  { metric: 'appCpuMsPerOrder', column: 'app CPU per order' },
  { metric: 'allCpuMsPerOrder', column: 'all CPU per order' },
  { metric: 'appPeakMemoryBytes', column: 'app peak memory' },
];

/** The section with the stand-in's error, whose table the README has too. */
export const STAND_IN_ERROR = 'stand-in';

/** The stand-in's error, wherever its figures are shown; null where they are not. */
export function standInSection(bursts: Bursts, edges: readonly StoredK6Result[]): Section | null {
  if (!bursts.contenders.some(({ role }) => role === STAND_IN)) return null;
  const table = standInTable(bursts);
  const clients = clientsTable(edges);
  return {
    id: STAND_IN_ERROR,
    title: 'How far the stand-in is from Spin',
    blocks: [
      table ??
        paragraph(
          'That is not known here: no comparison has one contender on both (`make compare CONTENDERS="spin-ts@spin-3.6 spin-ts@stand-in"`).',
        ),
      ...(clients ? [folded('One app alone, by the number of clients', clients)] : []),
    ],
  };
}

/** The stand-in over Spin where a comparison has the same contender on both; null where none has. */
function standInTable({ contenders, compared }: Bursts): Table | null {
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
    caption: `The stand-in over Spin, in the same blocks (${compared.record.id}): ratios, and below each the 95 % interval of its pair alone`,
    columns: [texts('stand-in'), texts('over'), ...SHOWN.map(({ column }) => numbers(column))],
    rows: rows.map(([standIn, spin]) => [
      { text: standIn },
      { text: spin },
      ...SHOWN.map(({ metric }): Cell => {
        const pair = pairs.find(
          one => one.metric === metric && [standIn, spin].every(name => [one.a, one.b].includes(name)),
        );
        if (!pair) return NONE;
        const ratio = ratioOver(pair, standIn);
        const range = ratioRange(ratio);
        return { text: ratioNumber(ratio.ratio), value: ratio.ratio, ...(range ? { detail: range } : {}) };
      }),
    ]),
  };
}

function isSameOnSpin(spin: ContenderRuns, standIn: ContenderRuns): boolean {
  const [own, other] = [spin, standIn].map(({ runs, voids }) => (runs[0] ?? voids[0])?.result);
  return own?.runtime.kind === 'spin' && other !== undefined && baseNameOf(own) === baseNameOf(other);
}

/** One app alone, asked by so many clients that each wait for their answer; null where the stand-in and Spin were not both. */
function clientsTable(edges: readonly StoredK6Result[]): Table | null {
  const results = edges.flatMap(({ result }) => (isOfClients(result) ? [result] : []));
  const kinds = new Set(results.map(({ runtime }) => runtime.kind));
  if (!kinds.has(STAND_IN) || !kinds.has('spin')) return null;
  const groups = groupBy(results, ({ contender, role, settings }) => `${settings.clients} ${role} ${contender}`);
  const rows = [...groups.values()].map(own => ({ own, clients: Number(own[0]?.settings.clients) }));
  return {
    kind: 'table',
    id: 'stand-in-clients',
    caption:
      'One app alone under `make k6 TEST=clients CLIENTS=<n>`: medians of the repetitions, and the smallest and largest',
    columns: [
      numbers('clients'),
      texts('contender'),
      texts('role'),
      numbers('runs'),
      ...CLIENT_FIGURES.map(({ title, unit }) => numbers(title, unit)),
    ],
    rows: rows
      .sort((a, b) => a.clients - b.clients)
      .map(({ own, clients }): Cell[] => [
        countCell(clients),
        { text: own[0]?.contender ?? '' },
        { text: own[0]?.role ?? '' },
        countCell(own.length),
        ...CLIENT_FIGURES.map(({ of }) => spreadCell(own.map(of))),
      ]),
  };
}

function isOfClients(result: StoredK6Result['result']): result is K6TestResult {
  return result.kind === 'k6-test' && result.run.test === 'clients' && result.status === 'complete';
}

const CLIENT_FIGURES: readonly {
  readonly title: string;
  readonly unit?: string;
  readonly of: (result: K6TestResult) => number;
}[] = [
  { title: 'orders/s', of: ({ run }) => run.ratePerSecond },
  { title: 'p50', unit: 'ms', of: ({ run }) => run.responseTime?.p50Ms ?? Number.NaN },
  { title: 'p99', unit: 'ms', of: ({ run }) => run.responseTime?.p99Ms ?? Number.NaN },
  { title: 'app CPU per order', unit: 'ms', of: ({ run }) => (run.app.cpuMsPerThousandRequests ?? Number.NaN) / 1000 },
  { title: 'peak memory', unit: 'MiB', of: ({ run }) => run.app.peakMemoryBytes / 2 ** 20 },
  { title: 'answers of 20 ms or longer', unit: '%', of: ({ run }) => 100 * lateShare(run.summary) },
];

/** k6's metric `late` (k6/src/exercise.ts). */
function lateShare(metrics: Readonly<Record<string, unknown>>): number {
  const { values } = (metrics.late ?? {}) as { readonly values?: { readonly rate?: number } };
  return values?.rate ?? Number.NaN;
}

function spreadCell(values: readonly number[]): Cell {
  const range = values.length > 1 ? rangeText(Math.min(...values), Math.max(...values)) : null;
  return numberCell(median(values), range);
}
