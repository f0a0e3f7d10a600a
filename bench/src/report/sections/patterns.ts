import { STAND_IN } from '../../contenders/runtime.js';
import {
  API_METRICS,
  type ApiComparison,
  type ApiFigure,
  compareApiTests,
  PRIMARY,
} from '../../judge/compare-api-tests.js';
import { inverse } from '../../judge/paired-ratio.js';
import type { ApiTestResult } from '../../results/k6-result.js';
import type { StoredK6Result } from '../../results/k6-result-file.js';
import { listed, plain } from '../../text/format.js';
import { groupBy } from '../../text/groups.js';
import { type Block, type Cell, folded, type Missing, paragraph, type Section, type Table } from '../document.js';
import { missingSpin } from '../headline.js';
import type { Palette } from '../palette.js';
import { rangeText, ratioNumber, ratioRange, timesText } from '../ratio-text.js';
import { numberCell, numbers, texts } from '../table.js';

/** What the patterns of the Order API cost: of each of k6's tests of it the newest series. */
export function patternsSection(all: readonly StoredK6Result[], palette: Palette): Section | Missing {
  const tests = all.flatMap(({ file, result }) => (result.kind === 'k6-api' ? [{ file, result }] : []));
  const newest = [...groupBy(tests, ({ result }) => result.test).values()].map(newestSeries);
  const blocks = newest.flatMap(own =>
    testBlocks(
      own.map(({ result }) => result),
      palette,
    ),
  );
  if (blocks.length === 0) {
    return {
      missing:
        'the patterns of the Order API: `make k6 TEST=api-command RUNS=10` and the other tests of it ([k6/](../k6)) measure what a request takes',
    };
  }
  return {
    id: 'patterns',
    title: 'Patterns of the Order API, under k6',
    blocks: [
      paragraph(
        'A pipeline and the Order API of its flavour, whole on the rig. k6 sends requests at a constant open rate, the same for each contender, and far below what each of them holds: these are costs, not limits. An import alone goes as fast as it can. ' +
          'CPU is of everything that requests cause, up to the last event. Judged together are the app CPU of all parts of a test, and apart from it all of its other figures.',
      ),
      ...missingSpinBlocks(newest),
      ...blocks,
      {
        kind: 'sources',
        results: newest.flat().map(({ result, file }) => ({ id: result.id, contender: result.contender, file })),
      },
    ],
  };
}

interface StoredTest {
  readonly file: string;
  readonly result: ApiTestResult;
}

function newestSeries(tests: readonly StoredTest[]): StoredTest[] {
  const byTime = tests.toSorted((a, b) => a.result.startedAt.localeCompare(b.result.startedAt));
  return byTime.filter(({ result }) => result.series?.id === byTime.at(-1)?.result.series?.id);
}

/** None where every repetition is void. */
function testBlocks(results: readonly ApiTestResult[], palette: Palette): Block[] {
  return compareApiTests(results).flatMap(comparison => [
    paragraph(sentencesOf(comparison, results)),
    folded(`Every figure of ${comparison.test}`, figuresTable(comparison, palette)),
  ]);
}

/** Where Spin itself was not measured, said once for all tests of which it is true; they are named where it is not true of every one. */
function missingSpinBlocks(series: readonly (readonly StoredTest[])[]): Block[] {
  const said = series.flatMap(own => {
    const sound = own.map(({ result }) => result).filter(({ status }) => status === 'complete');
    const sentence = missingSpin(sound);
    return sentence === null ? [] : [{ test: sound[0]?.test, sentence }];
  });
  return [...groupBy(said, ({ sentence }) => sentence)].map(([sentence, own]) =>
    paragraph(
      own.length === series.length ? sentence : `${own.map(({ test }) => `\`${test}\``).join(', ')}: ${sentence}`,
    ),
  );
}

/** What a request costs; the stand-in is left out. */
function sentencesOf({ test, contenders, figures }: ApiComparison, results: readonly ApiTestResult[]): string {
  const standIns = new Set(
    results.filter(({ runtime }) => runtime.kind === STAND_IN).map(({ contender }) => contender),
  );
  const sound = results.filter(({ status }) => status === 'complete');
  const parts = sound[0]?.parts ?? [];
  const rates = [
    ...new Set(
      parts.map(({ run, lines }) =>
        lines === undefined ? `${plain(run.ratePerSecond)} per second` : `${plain(lines)} lines as one job`,
      ),
    ),
  ];
  const repetitions = Math.max(...contenders.map(({ runs }) => runs));
  const late = contenders.filter(({ lastRuns }) => lastRuns > 0);
  return [
    `\`${test}\`, ${listed(rates)}, ${repetitions} ${repetitions === 1 ? 'repetition' : 'interleaved repetitions'}.`,
    ...figures
      .filter(({ metric }) => PRIMARY.has(metric))
      .map(figure => costSentence(figure, standIns))
      .filter(sentence => sentence !== null),
    ...late.map(({ contender, lastRuns }) => `${contender} did not hold the rate in ${lastRuns}, which rank last.`),
    ...voidSentence(contenders.reduce((sum, { voids }) => sum + voids, 0)),
  ].join(' ');
}

function costSentence({ metric, of, contenders, pairs }: ApiFigure, standIns: ReadonlySet<string>): string | null {
  const ranked = contenders.filter(({ contender }) => !standIns.has(contender));
  if (ranked.length === 0) return null;
  const costs = ranked
    .toSorted((a, b) => a.median - b.median)
    .map(({ contender, median, low, high }) => `${plain(median)} ms with ${contender} (${rangeText(low, high)})`);
  const told = pairs
    .filter(({ a, b }) => !standIns.has(a) && !standIns.has(b))
    .map(({ a, b, ratio, verdict }) => {
      if (verdict === '~') return `${a} against ${b} is undecided (~)`;
      const [more, less, times] = ratio.ratio >= 1 ? [a, b, ratio] : [b, a, inverse(ratio)];
      return Number.isFinite(times.ratio)
        ? `${more} takes ${timesText(times.ratio)} what ${less} does`
        : `${more} takes more than ${less}`;
    });
  return `A ${metric === 'appCpuMsPerLine' ? 'line' : 'request'} of \`${of}\` takes ${listed(costs)} of app CPU${told.length > 0 ? `: ${listed(told)}` : ''}.`;
}

function voidSentence(voids: number): string[] {
  if (voids === 0) return [];
  return [`${voids} void ${voids === 1 ? 'repetition is' : 'repetitions are'} left out.`];
}

function figuresTable({ test, contenders, figures }: ApiComparison, palette: Palette): Table {
  const [{ pairs } = { pairs: [] }] = figures;
  return {
    kind: 'table',
    id: `patterns-${test}`,
    caption: `${test}: medians with their intervals, and ratios with theirs; less is better in every row`,
    columns: [
      texts('of'),
      texts('figure'),
      ...contenders.map(({ contender }) => numbers(palette.label(contender))),
      ...pairs.map(({ a, b }) => numbers(`${palette.label(a)} / ${palette.label(b)}`)),
    ],
    rows: figures.map(({ of, metric, contenders: values, pairs: judged }) => [
      { text: of },
      { text: `${API_METRICS[metric].title}, ${API_METRICS[metric].unit}` },
      ...values.map(({ median, low, high }) => numberCell(median, rangeText(low, high))),
      ...judged.map(pairCell),
    ]),
  };
}

const WORDS = { better: 'less', worse: 'more', '~': 'undecided (~)' } as const;

function pairCell({ ratio, verdict }: ApiFigure['pairs'][number]): Cell {
  const range = ratioRange(ratio);
  return {
    text: ratioNumber(ratio.ratio),
    value: ratio.ratio,
    detail: [...(range === null ? [] : [range]), WORDS[verdict]],
  };
}
