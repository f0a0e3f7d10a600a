import type { BreakpointComparison } from '../../judge/compare-breakpoints.js';
import { medianOfKnown } from '../../judge/median.js';
import { medianInterval } from '../../judge/median-interval.js';
import type { BreakpointResult, ColdStartResult, DensityResult, K6Result, K6Run } from '../../results/k6-result.js';
import type { StoredK6Result } from '../../results/k6-result-file.js';
import { listed, plain } from '../../text/format.js';
import { groupBy } from '../../text/groups.js';
import { edgeLatencyChart } from '../charts/edge-latency.js';
import { type Block, type Cell, folded, type Missing, paragraph, type Section, type Table } from '../document.js';
import { type EdgeFinding, edgeFindings } from '../edge-finding.js';
import type { Palette } from '../palette.js';
import { rangeText, ratioText } from '../ratio-text.js';
import { countCell, NONE, numberCell, numbers, shareCell, texts } from '../table.js';

/** What the apps hold by themselves: k6's breakpoints, cold starts and memory of many instances; void ones are left out. */
export function edgeSection(all: readonly StoredK6Result[], palette: Palette): Section | Missing {
  const stored = all.filter(({ result }) => result.kind !== 'k6-api');
  const sound = stored.filter(({ result }) => result.status === 'complete' && result.kind !== 'k6-test');
  if (sound.length === 0) {
    return {
      missing:
        'the apps alone: `make k6 TEST=breakpoint RUNS=6` searches the highest rate that each contender holds, `TEST=cold-start` times its start, `TEST=density` counts the memory of many instances',
    };
  }
  const results = sound.map(({ result }) => result);
  const voids = stored.filter(({ result }) => result.status === 'void').length;
  return {
    id: 'edge',
    title: 'The apps alone, under k6',
    blocks: [
      paragraph(
        'One app process and what answers its calls to Dapr; k6 sends orders at an open rate. These figures are of the app, not of the pipeline.',
      ),
      ...edgeFindings(sound).flatMap(finding => breakpointBlocks(finding, palette)),
      ...coldStartBlocks(newestEach(results.filter(result => result.kind === 'cold-start')), palette),
      ...densityBlocks(newestEach(results.filter(result => result.kind === 'density')), palette),
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
  const scope = scopeOf(role, results);
  const chart = edgeLatencyChart(results, { id: `edge-${scope.id}`, title: findingOf(scope, ranked), palette });
  return [
    paragraph(text),
    ...(chart ? [chart] : []),
    heldTable(scope, comparison, palette),
    folded(
      `Below and past the highest rate held as ${scope.as}`,
      levelTable(scope, results, palette),
      pastTable(scope, results, palette),
    ),
  ];
}

function scopeOf(role: string, results: readonly BreakpointResult[]): Scope {
  const isStub = results.every(({ behind }) => behind.kind === 'dapr-null');
  const limitMs = results[0]?.limit.p99Ms;
  return {
    id: `${role}${isStub ? '' : '-daprd'}-${limitMs}ms`,
    as: `${role}${isStub ? '' : ' with daprd behind it'}, p99 within ${limitMs} ms`,
  };
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
  return `As ${as}, the apps hold, in orders per second: ${listed(rates)}${doubt}`;
}

function heldTable(scope: Scope, { contenders, pairs }: BreakpointComparison, palette: Palette): Table {
  return {
    kind: 'table',
    id: `edge-held-${scope.id}`,
    caption: `Highest rate held as ${scope.as}: median over repetitions, with its interval`,
    columns: [texts('contender'), numbers('repetitions'), numbers('held', 'orders/s'), texts('against the others')],
    rows: contenders.map(({ contender, values, median: rate, low, high, confidence }) => [
      { text: palette.label(contender) },
      countCell(values.length),
      numberCell(rate, `${rangeText(low, high)} (${Math.round(confidence * 100)} %)`),
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

function levelTable(scope: Scope, results: readonly BreakpointResult[], palette: Palette): Table {
  const rows = results.flatMap(({ contender, levels }) => levels.map(level => ({ contender, ...level })));
  return {
    kind: 'table',
    id: `edge-levels-${scope.id}`,
    caption: `Below the highest rate held as ${scope.as} (medians over repetitions)`,
    columns: [
      texts('contender'),
      numbers('of held rate'),
      numbers('p50', 'ms'),
      numbers('p95', 'ms'),
      numbers('p99', 'ms'),
      numbers('CPU per order', 'ms'),
      numbers('peak memory', 'MiB'),
    ],
    rows: [...groupBy(rows, ({ contender, shareOfHeld }) => `${contender} ${shareOfHeld}`).values()].map(own => {
      const of = (read: (run: K6Run) => number | null | undefined) =>
        numberCell(medianOfKnown(own.map(({ run }) => read(run))));
      return [
        { text: palette.label(own[0]?.contender ?? '') },
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

function pastTable(scope: Scope, results: readonly BreakpointResult[], palette: Palette): Table {
  return {
    kind: 'table',
    id: `edge-past-${scope.id}`,
    caption: `Past the highest rate held as ${scope.as}, and after a spike`,
    columns: [
      texts('contender'),
      numbers('at, of held rate'),
      numbers('taken, of held rate'),
      texts('it'),
      numbers('refused or unanswered'),
      numbers('recovery after a spike', 's'),
    ],
    rows: [...groupBy(results, ({ contender }) => contender)].map(([contender, own]) => {
      const pasts = own.map(({ past }) => past).filter(past => past !== null);
      const spikes = own.map(({ spike }) => spike).filter(spike => spike !== null);
      return [
        { text: palette.label(contender) },
        shareCell(medianOfKnown(pasts.map(({ shareOfHeld }) => shareOfHeld))),
        shareCell(medianOfKnown(pasts.map(({ takenShareOfHeld }) => takenShareOfHeld))),
        { text: [...new Set(pasts.map(({ verdict }) => PAST_WORDS[verdict]))].join(', ') || '–' },
        numberCell(medianOfKnown(pasts.map(({ run }) => run.orders.refused + run.orders.unanswered))),
        recoveryCell(
          medianOfKnown(
            spikes.map(({ isRecovered, recoveryMs }) => (isRecovered ? recoveryMs / 1000 : Number.POSITIVE_INFINITY)),
          ),
        ),
      ];
    }),
  };
}

const PAST_WORDS: Readonly<Record<NonNullable<BreakpointResult['past']>['verdict'], string>> = {
  bears: 'takes all',
  saturates: 'takes what it held',
  collapses: 'takes less than it held',
};

function recoveryCell(seconds: number | null): Cell {
  return seconds === null || Number.isFinite(seconds) ? numberCell(seconds) : { ...NONE, text: 'not while watched' };
}

function coldStartBlocks(results: readonly ColdStartResult[], palette: Palette): Block[] {
  if (results.length === 0) return [];
  const rows = results.flatMap(({ contender, role, startedAt, variants }) =>
    variants.map(variant => ({ contender, role, day: startedAt.slice(0, 10), ...variant })),
  );
  return [
    folded('From the start of a process to its first answer', {
      kind: 'table',
      id: 'edge-cold-start',
      caption:
        'From the start of the process to the first correct answer to an order; on another day the machine may have been another',
      columns: [
        texts('contender'),
        texts('role'),
        texts('day'),
        texts('compiled before'),
        numbers('starts'),
        numbers('median', 'ms'),
        numbers('slowest', 'ms'),
      ],
      rows: rows.map(({ contender, role, day, compiledCache, startsMs }) => {
        const { median: middle, low, high } = medianInterval(startsMs);
        return [
          { text: palette.label(contender) },
          { text: role },
          { text: day },
          { text: compiledCache === null ? '–' : compiledCache === 'kept' ? 'yes' : 'no' },
          countCell(startsMs.length),
          numberCell(middle, rangeText(low, high)),
          numberCell(Math.max(...startsMs)),
        ];
      }),
    }),
  ];
}

function densityBlocks(results: readonly DensityResult[], palette: Palette): Block[] {
  if (results.length === 0) return [];
  const rows = results.flatMap(({ contender, role, points }) => points.map(point => ({ contender, role, point })));
  const limits = [...new Set(results.map(({ p99LimitMs }) => `${p99LimitMs}`))];
  return [
    folded('Memory of instances side by side', {
      kind: 'table',
      id: 'edge-density',
      caption: `Instances side by side, each a process; memory that they share is counted once; held is p99 within ${listed(limits)} ms`,
      columns: [
        texts('contender'),
        texts('role'),
        numbers('instances'),
        numbers('at rest', 'MiB each'),
        numbers('under load', 'MiB each'),
        numbers('p99', 'ms'),
        texts('held'),
        numbers('instances per GiB'),
      ],
      rows: rows.map(({ contender, role, point }) => [
        { text: palette.label(contender) },
        { text: role },
        countCell(point.instances),
        numberCell(point.restBytes / point.instances / 2 ** 20),
        numberCell(point.loadedBytes / point.instances / 2 ** 20),
        numberCell(point.p99Ms),
        { text: point.isHeld ? 'yes' : 'no' },
        numberCell(point.isHeld ? point.instancesPerGibibyte : null),
      ]),
    }),
    folded('Sizes of what is deployed', {
      kind: 'table',
      id: 'edge-artifact',
      caption: 'What a node has to fetch',
      columns: [texts('contender'), texts('role'), numbers('artifact', 'MiB'), numbers('runtime', 'MiB')],
      rows: results.map(({ contender, role, artifact }) => [
        { text: palette.label(contender) },
        { text: role },
        numberCell(artifact.artifactBytes / 2 ** 20),
        numberCell(artifact.runtimeBytes / 2 ** 20),
      ]),
    }),
  ];
}
