import { median } from 'simple-statistics';
import { type BreakpointComparison, compareBreakpoints } from '../../k6/compare-breakpoints.js';
import type { BreakpointResult, ColdStartResult, DensityResult, K6Run } from '../../k6/k6-result.js';
import type { StoredK6Result } from '../../k6/k6-result-file.js';
import { medianInterval } from '../../stats/median-interval.js';
import { edgeLatencyChart } from '../charts/edge-latency.js';
import { type Block, type Cell, paragraph, type Section, type Table } from '../document.js';
import { listed, numberCell, percent, plain } from '../figures.js';
import { groupBy } from '../groups.js';
import { ratioText } from '../headline.js';
import type { Palette } from '../palette.js';

/** What the apps bear by themselves: k6's breakpoints, cold starts and memory of many instances; void ones are left out. */
export function edgeSection(stored: readonly StoredK6Result[], palette: Palette): Section {
  const sound = stored.filter(({ result }) => result.status === 'complete' && result.kind !== 'k6-test');
  const title = 'The apps alone, under k6';
  if (sound.length === 0) {
    return {
      id: 'edge',
      title,
      blocks: [
        paragraph(
          'Nothing is measured here yet: `make k6 TEST=breakpoint RUNS=6` searches the highest rate that each contender holds with a stub in place of Dapr, `TEST=cold-start` times its start, and `TEST=density` counts the memory of many instances.',
        ),
      ],
    };
  }
  const results = sound.map(({ result }) => result);
  const breakpoints = results.filter(result => result.kind === 'k6-breakpoint');
  const voids = stored.filter(({ result }) => result.status === 'void').length;
  return {
    id: 'edge',
    title,
    blocks: [
      paragraph(
        'One app process with a stub in place of Dapr; k6 sends orders at an open rate. These figures are of the app, not of the pipeline.',
      ),
      ...[...groupBy(breakpoints, ({ role }) => role)].flatMap(([role, own]) => breakpointBlocks(role, own, palette)),
      ...coldStartBlocks(results.filter(result => result.kind === 'cold-start')),
      ...densityBlocks(results.filter(result => result.kind === 'density')),
      ...(voids > 0 ? [paragraph(`${voids} void measurements are left out.`)] : []),
      {
        kind: 'sources',
        results: sound.map(({ result, file }) => ({ id: result.id, contender: result.contender, file })),
      },
    ],
  };
}

/** The newest series of a role. */
function breakpointBlocks(role: string, all: readonly BreakpointResult[], palette: Palette): Block[] {
  const newest = all.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))[0]?.series?.id;
  const own = all.filter(({ series }) => series?.id === newest);
  const [comparison] = compareBreakpoints(own);
  if (!comparison) return [];
  const chart = edgeLatencyChart(own, { id: `edge-${role}`, title: findingOf(comparison), palette });
  return [...(chart ? [chart] : []), heldTable(comparison), levelTable(role, own), pastTable(role, own)];
}

function findingOf({ role, contenders, pairs }: BreakpointComparison): string {
  const rates = contenders
    .toSorted((a, b) => b.median - a.median)
    .map(({ contender, median: rate }) => `${contender} ${plain(rate)}`);
  const decided = pairs.filter(({ verdict }) => verdict !== '~').length;
  const doubt = decided < pairs.length ? ' (~: not every difference is decided)' : '';
  return `As ${role} the apps hold, in orders a second: ${listed(rates)}${doubt}`;
}

function heldTable({ role, contenders, pairs }: BreakpointComparison): Table {
  return {
    kind: 'table',
    id: `edge-held-${role}`,
    caption: `Highest rate held as ${role}: median over repetitions, with its interval`,
    columns: [
      { title: 'contender' },
      { title: 'repetitions', isNumber: true },
      { title: 'held', unit: 'orders/s', isNumber: true },
      { title: 'against the others' },
    ],
    rows: contenders.map(({ contender, values, median: rate, low, high, confidence }) => [
      { text: contender },
      { text: String(values.length), value: values.length },
      numberCell(rate, `[${plain(low)}, ${plain(high)}] (${Math.round(confidence * 100)} %)`),
      {
        text:
          pairs
            .filter(({ a }) => a === contender)
            .map(
              ({ b, verdict, ratio, adjustedPValue }) =>
                `${verdict === '~' ? 'undecided (~) against' : `${verdict} than`} ${b}: ${ratioText(ratio)}, p ${adjustedPValue.toPrecision(2)}`,
            )
            .join('; ') || '–',
      },
    ]),
  };
}

function levelTable(role: string, results: readonly BreakpointResult[]): Table {
  const rows = results.flatMap(({ contender, levels }) => levels.map(level => ({ contender, ...level })));
  return {
    kind: 'table',
    id: `edge-levels-${role}`,
    caption: `Below the highest rate held as ${role} (medians over repetitions)`,
    columns: [
      { title: 'contender' },
      { title: 'of held rate', isNumber: true },
      { title: 'p50', unit: 'ms', isNumber: true },
      { title: 'p95', unit: 'ms', isNumber: true },
      { title: 'p99', unit: 'ms', isNumber: true },
      { title: 'CPU an order', unit: 'ms', isNumber: true },
      { title: 'peak memory', unit: 'MiB', isNumber: true },
    ],
    rows: [...groupBy(rows, ({ contender, shareOfHeld }) => `${contender} ${shareOfHeld}`).values()].map(own => {
      const of = (read: (run: K6Run) => number | null | undefined) =>
        numberCell(medianOf(own.map(({ run }) => read(run))));
      return [
        { text: own[0]?.contender ?? '' },
        shareCell(own[0]?.shareOfHeld ?? null),
        of(run => run.responseTime?.p50Ms),
        of(run => run.responseTime?.p95Ms),
        of(run => run.responseTime?.p99Ms),
        of(run => (run.app.cpuMsPerThousandRequests === null ? null : run.app.cpuMsPerThousandRequests / 1000)),
        of(run => run.app.peakRssBytes / 2 ** 20),
      ];
    }),
  };
}

function pastTable(role: string, results: readonly BreakpointResult[]): Table {
  return {
    kind: 'table',
    id: `edge-past-${role}`,
    caption: `Past the highest rate held as ${role}, and after a spike`,
    columns: [
      { title: 'contender' },
      { title: 'at, of held rate', isNumber: true },
      { title: 'taken, of held rate', isNumber: true },
      { title: 'it' },
      { title: 'refused or unanswered', isNumber: true },
      { title: 'recovery after a spike', unit: 's', isNumber: true },
    ],
    rows: [...groupBy(results, ({ contender }) => contender)].map(([contender, own]) => {
      const pasts = own.map(({ past }) => past).filter(past => past !== null);
      const spikes = own.map(({ spike }) => spike).filter(spike => spike !== null);
      return [
        { text: contender },
        shareCell(medianOf(pasts.map(({ shareOfHeld }) => shareOfHeld))),
        shareCell(medianOf(pasts.map(({ takenShareOfHeld }) => takenShareOfHeld))),
        { text: [...new Set(pasts.map(({ verdict }) => verdict))].join(', ') || '–' },
        numberCell(medianOf(pasts.map(({ run }) => run.orders.refused + run.orders.unanswered))),
        numberCell(
          medianOf(
            spikes.map(({ isRecovered, recoveryMs }) => (isRecovered ? recoveryMs / 1000 : Number.POSITIVE_INFINITY)),
          ),
        ),
      ];
    }),
  };
}

function coldStartBlocks(results: readonly ColdStartResult[]): Block[] {
  if (results.length === 0) return [];
  const rows = results.flatMap(({ contender, role, variants }) =>
    variants.map(variant => ({ contender, role, ...variant })),
  );
  return [
    {
      kind: 'table',
      id: 'edge-cold-start',
      caption: 'From the start of the process to the first correct answer to an order',
      columns: [
        { title: 'contender' },
        { title: 'role' },
        { title: 'compiled before' },
        { title: 'starts', isNumber: true },
        { title: 'median', unit: 'ms', isNumber: true },
        { title: 'slowest', unit: 'ms', isNumber: true },
      ],
      rows: [
        ...groupBy(rows, ({ contender, role, compiledCache }) => `${contender} ${role} ${compiledCache}`).values(),
      ].map(own => {
        const starts = own.flatMap(({ startsMs }) => startsMs);
        const { median: middle, low, high } = medianInterval(starts);
        const cache = own[0]?.compiledCache ?? null;
        return [
          { text: own[0]?.contender ?? '' },
          { text: own[0]?.role ?? '' },
          { text: cache === null ? '–' : cache === 'kept' ? 'yes' : 'no' },
          { text: String(starts.length), value: starts.length },
          numberCell(middle, `[${plain(low)}, ${plain(high)}]`),
          numberCell(Math.max(...starts)),
        ];
      }),
    },
  ];
}

function densityBlocks(results: readonly DensityResult[]): Block[] {
  if (results.length === 0) return [];
  const rows = results.flatMap(({ contender, role, points }) => points.map(point => ({ contender, role, point })));
  return [
    {
      kind: 'table',
      id: 'edge-density',
      caption: 'Instances side by side, each a process; memory that they share is counted once',
      columns: [
        { title: 'contender' },
        { title: 'role' },
        { title: 'instances', isNumber: true },
        { title: 'at rest', unit: 'MiB each', isNumber: true },
        { title: 'under load', unit: 'MiB each', isNumber: true },
        { title: 'p99', unit: 'ms', isNumber: true },
        { title: 'held' },
        { title: 'instances a GiB', isNumber: true },
      ],
      rows: rows.map(({ contender, role, point }) => [
        { text: contender },
        { text: role },
        { text: String(point.instances), value: point.instances },
        numberCell(point.restBytes / point.instances / 2 ** 20),
        numberCell(point.loadedBytes / point.instances / 2 ** 20),
        numberCell(point.p99Ms),
        { text: point.isHeld ? 'yes' : 'no' },
        numberCell(point.isHeld ? point.instancesPerGibibyte : null),
      ]),
    },
    {
      kind: 'table',
      id: 'edge-artifact',
      caption: 'What a node has to fetch',
      columns: [
        { title: 'contender' },
        { title: 'role' },
        { title: 'artifact', unit: 'MiB', isNumber: true },
        { title: 'runtime', unit: 'MiB', isNumber: true },
      ],
      rows: results.map(({ contender, role, artifact }) => [
        { text: contender },
        { text: role },
        numberCell(artifact.artifactBytes / 2 ** 20),
        numberCell(artifact.runtimeBytes / 2 ** 20),
      ]),
    },
  ];
}

function medianOf(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter(value => value !== null && value !== undefined);
  return known.length === 0 ? null : median(known);
}

function shareCell(share: number | null): Cell {
  return share === null ? numberCell(null) : { text: percent(share), value: share };
}
