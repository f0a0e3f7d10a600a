import type { BreakpointComparison } from '../../judge/compare-breakpoints.js';
import { medianOfKnown } from '../../judge/median.js';
import { medianInterval } from '../../judge/median-interval.js';
import type { BreakpointResult, ColdStartResult, DensityResult, K6Result, K6Run } from '../../results/k6-result.js';
import type { StoredK6Result } from '../../results/k6-result-file.js';
import { listed, percent, plain } from '../../text/format.js';
import { groupBy } from '../../text/groups.js';
import { edgeLatencyChart } from '../charts/edge-latency.js';
import { type Block, type Cell, paragraph, type Section, type Table } from '../document.js';
import { type EdgeFinding, edgeFindings } from '../edge-finding.js';
import { numberCell } from '../figures.js';
import { ratioText } from '../headline.js';
import type { Palette } from '../palette.js';
import { claimBlocks } from './edge-claims.js';

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
          'Nothing is measured here yet: `make k6 TEST=breakpoint RUNS=6` searches the highest rate that each contender holds, `TEST=cold-start` times its start, and `TEST=density` counts the memory of many instances.',
        ),
      ],
    };
  }
  const results = sound.map(({ result }) => result);
  const starts = newestEach(results.filter(result => result.kind === 'cold-start'));
  const densities = newestEach(results.filter(result => result.kind === 'density'));
  const voids = stored.filter(({ result }) => result.status === 'void').length;
  return {
    id: 'edge',
    title,
    blocks: [
      paragraph(
        'One app process and what answers its calls to Dapr; k6 sends orders at an open rate. These figures are of the app, not of the pipeline.',
      ),
      ...edgeFindings(sound).flatMap(finding => breakpointBlocks(finding, palette)),
      ...coldStartBlocks(starts),
      ...densityBlocks(densities),
      ...claimBlocks(starts, densities),
      ...(voids > 0 ? [paragraph(`${voids} void measurements are left out.`)] : []),
      {
        kind: 'sources',
        results: sound.map(({ result, file }) => ({ id: result.id, contender: result.contender, file })),
      },
    ],
  };
}

/** Of the same contender in the same role only the newest. */
function newestEach<T extends K6Result>(results: readonly T[]): T[] {
  const groups = groupBy(results, ({ contender, role }) => `${contender} ${role}`);
  return [...groups.values()].flatMap(own => own.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)).slice(-1));
}

function breakpointBlocks({ comparison, ranked, results, text }: EdgeFinding, palette: Palette): Block[] {
  const { role } = comparison;
  const isStub = results.every(({ behind }) => behind.kind === 'dapr-null');
  const scope = isStub ? { id: role, as: role } : { id: `${role}-daprd`, as: `${role} with daprd behind it` };
  const chart = edgeLatencyChart(results, { id: `edge-${scope.id}`, title: findingOf(scope, ranked), palette });
  return [
    paragraph(text),
    ...(chart ? [chart] : []),
    heldTable(scope, comparison),
    levelTable(scope, results),
    pastTable(scope, results),
  ];
}

/** Which breakpoints these are: in the ids of tables and charts, and in a sentence. */
interface Scope {
  readonly id: string;
  readonly as: string;
}

function findingOf({ as }: Scope, { contenders, pairs }: BreakpointComparison): string {
  if (contenders.length === 0) return `How long the stand-in takes as ${as}`;
  const rates = contenders
    .toSorted((a, b) => b.median - a.median)
    .map(({ contender, median: rate }) => `${contender} ${rate > 0 ? plain(rate) : 'none'}`);
  const decided = pairs.filter(({ verdict }) => verdict !== '~').length;
  const doubt = decided < pairs.length ? ' (~: not every difference is decided)' : '';
  return `As ${as} the apps hold, in orders a second: ${listed(rates)}${doubt}`;
}

function heldTable(scope: Scope, { contenders, pairs }: BreakpointComparison): Table {
  return {
    kind: 'table',
    id: `edge-held-${scope.id}`,
    caption: `Highest rate held as ${scope.as}: median over repetitions, with its interval`,
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

function levelTable(scope: Scope, results: readonly BreakpointResult[]): Table {
  const rows = results.flatMap(({ contender, levels }) => levels.map(level => ({ contender, ...level })));
  return {
    kind: 'table',
    id: `edge-levels-${scope.id}`,
    caption: `Below the highest rate held as ${scope.as} (medians over repetitions)`,
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
        numberCell(medianOfKnown(own.map(({ run }) => read(run))));
      return [
        { text: own[0]?.contender ?? '' },
        shareCell(own[0]?.shareOfHeld ?? null),
        of(run => run.responseTime?.p50Ms),
        of(run => run.responseTime?.p95Ms),
        of(run => run.responseTime?.p99Ms),
        of(run => (run.app.cpuMsPerThousandRequests === null ? null : run.app.cpuMsPerThousandRequests / 1000)),
        of(run => run.app.peakMemoryBytes / 2 ** 20),
      ];
    }),
  };
}

function pastTable(scope: Scope, results: readonly BreakpointResult[]): Table {
  return {
    kind: 'table',
    id: `edge-past-${scope.id}`,
    caption: `Past the highest rate held as ${scope.as}, and after a spike`,
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
        shareCell(medianOfKnown(pasts.map(({ shareOfHeld }) => shareOfHeld))),
        shareCell(medianOfKnown(pasts.map(({ takenShareOfHeld }) => takenShareOfHeld))),
        { text: [...new Set(pasts.map(({ verdict }) => verdict))].join(', ') || '–' },
        numberCell(medianOfKnown(pasts.map(({ run }) => run.orders.refused + run.orders.unanswered))),
        numberCell(
          medianOfKnown(
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
      rows: rows.map(({ contender, role, compiledCache, startsMs }) => {
        const { median: middle, low, high } = medianInterval(startsMs);
        return [
          { text: contender },
          { text: role },
          { text: compiledCache === null ? '–' : compiledCache === 'kept' ? 'yes' : 'no' },
          { text: String(startsMs.length), value: startsMs.length },
          numberCell(middle, `[${plain(low)}, ${plain(high)}]`),
          numberCell(Math.max(...startsMs)),
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

function shareCell(share: number | null): Cell {
  return share === null ? numberCell(null) : { text: percent(share), value: share };
}
