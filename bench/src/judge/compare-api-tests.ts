import type { ApiPart, ApiTestResult, K6Result, ResponseTime } from '../results/k6-result.js';
import { groupBy } from '../text/groups.js';
import { type MedianInterval, medianInterval } from './median-interval.js';
import { type PairedDifference, pairedDifferences } from './paired-differences.js';
import { pairsOf } from './plan-pairs.js';
import { type SeriesRow, seriesRows, sharedBlocks } from './series-rows.js';
import { type Verdict, verdict } from './verdict.js';

/** The contenders of one series in one test of the Order API. */
export interface ApiComparison {
  readonly test: string;
  readonly contenders: readonly TestedApi[];
  /** Every figure of the test: part by part, the memory of the whole last. */
  readonly figures: readonly ApiFigure[];
}

/** One contender. */
export interface TestedApi {
  readonly contender: string;
  /** Repetitions behind the figures. */
  readonly runs: number;
  /** How many of them rank last: a request was dropped, answered otherwise than is due, or 1 % of them after a second. */
  readonly lastRuns: number;
  /** Repetitions left out, as they are void. */
  readonly voids: number;
}

/** What is measured of a part, of a request of it, or of a whole test; less is always better. */
export const API_METRICS = {
  appCpuMs: { title: 'app CPU per request', unit: 'ms' },
  daprdCpuMs: { title: 'daprd CPU per request', unit: 'ms' },
  appCpuMsPerLine: { title: 'app CPU per line', unit: 'ms' },
  daprdCpuMsPerLine: { title: 'daprd CPU per line', unit: 'ms' },
  durationMs: { title: 'duration', unit: 'ms' },
  p50Ms: { title: 'p50', unit: 'ms' },
  p99Ms: { title: 'p99', unit: 'ms' },
  appPeakMebibytes: { title: 'peak memory of all apps', unit: 'MiB' },
} as const;

/** A metric's name in data. */
export type ApiMetric = keyof typeof API_METRICS;

/**
 * What a test is made for: what a request costs, or a line of an import, in all processes of API and pipeline. Its pairs in all
 * parts are judged together; together, and apart from them, those in all other metrics.
 */
export const PRIMARY: ReadonlySet<ApiMetric> = new Set(['appCpuMs', 'appCpuMsPerLine']);

/** One figure of all contenders. */
export interface ApiFigure {
  readonly metric: ApiMetric;
  /** Name of the part or request that it is of; that of the test where it is of all. */
  readonly of: string;
  readonly contenders: readonly ApiValues[];
  readonly pairs: readonly ApiPair[];
}

/** One contender's values, one a block; Infinity of a repetition that ranks last. */
export interface ApiValues extends MedianInterval {
  readonly contender: string;
  readonly values: readonly number[];
}

/** Contender a against contender b in one figure. */
export interface ApiPair extends PairedDifference {
  readonly a: string;
  readonly b: string;
  /** Blocks that hold both. */
  readonly blocks: number;
  /** What it says of a. */
  readonly verdict: Verdict;
}

/** Compares tests of Order APIs block by block, with the tests that `bench compare` has; void repetitions are left out. */
export function compareApiTests(results: readonly K6Result[]): ApiComparison[] {
  const tests = results.filter(result => result.kind === 'k6-api').filter(({ series }) => series !== null);
  return [...groupBy(tests, ({ series, test }) => `${series?.id} ${test}`).values()].flatMap(own => {
    const counted = seriesRows(own);
    const [first] = counted.flatMap(({ byBlock }) => [...byBlock.values()]);
    if (!first) return [];
    const read = readingsOf(first);
    const isPrimary = ({ metric }: Reading) => PRIMARY.has(metric);
    const judged = [
      ...judgedTogether(read.filter(isPrimary), counted),
      ...judgedTogether(
        read.filter(reading => !isPrimary(reading)),
        counted,
      ),
    ];
    return [
      {
        test: first.test,
        contenders: counted.map(testedOf),
        figures: read.flatMap(({ metric, of }) =>
          judged.filter(figure => figure.metric === metric && figure.of === of),
        ),
      },
    ];
  });
}

/** How many figures of a test with these parts are judged together for every pair of contenders. */
export function familySizes(parts: readonly { readonly requests: readonly unknown[]; readonly lines?: number }[]): {
  readonly primary: number;
  readonly others: number;
} {
  const times = parts.reduce((sum, part) => sum + part.requests.length * timesOf(part).length, 0);
  return { primary: parts.length, others: parts.length + times + 1 };
}

/** The metrics of a request's times, each with what it is read from; an import has but one time of each. */
function timesOf({ lines }: Pick<ApiPart, 'lines'>): readonly (readonly [ApiMetric, keyof ResponseTime])[] {
  if (lines !== undefined) return [['durationMs', 'maxMs']];
  return [
    ['p50Ms', 'p50Ms'],
    ['p99Ms', 'p99Ms'],
  ];
}

type Row = SeriesRow<ApiTestResult>;

function testedOf({ contender, byBlock, voids }: Row): TestedApi {
  const results = [...byBlock.values()];
  return { contender, runs: results.length, lastRuns: results.filter(ranksLast).length, voids };
}

/** A repetition whose rate was not held did not do the work of the others. */
function ranksLast({ parts }: ApiTestResult): boolean {
  return parts.some(({ run }) => run.exitCode !== 0);
}

/** One figure, and how it is read from a repetition that counts in full. */
interface Reading {
  readonly metric: ApiMetric;
  readonly of: string;
  readonly read: (result: ApiTestResult) => number | null | undefined;
}

function readingsOf({ test, parts }: ApiTestResult): Reading[] {
  return [
    ...parts.flatMap((first): Reading[] => {
      const { part, requests, lines } = first;
      const ofPart = (read: (own: ApiPart) => number | null | undefined) => (result: ApiTestResult) => {
        const own = result.parts.find(other => other.part === part);
        return own && read(own);
      };
      const times = requests.flatMap(({ name }) =>
        timesOf(first).map(([metric, statistic]) => ({
          ...{ metric, of: name },
          read: ofPart(own => own.requests.find(request => request.name === name)?.responseTime?.[statistic]),
        })),
      );
      return [
        {
          metric: lines === undefined ? 'appCpuMs' : 'appCpuMsPerLine',
          of: part,
          read: ofPart(own => perRequest(own, own.run.app.cpuMs)),
        },
        {
          metric: lines === undefined ? 'daprdCpuMs' : 'daprdCpuMsPerLine',
          of: part,
          read: ofPart(own => perRequest(own, own.daprdCpuMs)),
        },
        ...times,
      ];
    }),
    {
      metric: 'appPeakMebibytes',
      of: test,
      read: result => Math.max(...result.parts.map(({ run }) => run.app.peakMemoryBytes)) / 2 ** 20,
    },
  ];
}

/** What a part took for each request that was answered, or each line. */
function perRequest({ run: { orders } }: ApiPart, cpuMs: number): number | null {
  const answered = orders.taken + orders.refused;
  return answered === 0 ? null : cpuMs / answered;
}

function judgedTogether(readings: readonly Reading[], rows: readonly Row[]): ApiFigure[] {
  const family = readings.flatMap(reading =>
    pairsOf(rows)
      .map(({ a, b }) => ({ reading, a, b, blocks: sharedBlocks(a, b, result => figureOf(reading, result)) }))
      .filter(({ blocks }) => blocks.length > 0),
  );
  const differences = pairedDifferences(family.map(({ blocks }) => blocks));
  const pairs = family.flatMap(({ reading, a, b, blocks }, index) => {
    const difference = differences[index];
    if (!difference) return [];
    const told = verdict({ higherIsBetter: false }, difference);
    return [
      {
        reading,
        pair: { a: a.contender, b: b.contender, blocks: blocks.length, ...difference, verdict: told },
      },
    ];
  });
  return readings.map(reading => ({
    metric: reading.metric,
    of: reading.of,
    contenders: rows.map(({ contender, byBlock }) => {
      const values = [...byBlock.values()].map(result => figureOf(reading, result));
      return { contender, ...medianInterval(values), values };
    }),
    pairs: pairs.filter(own => own.reading === reading).map(({ pair }) => pair),
  }));
}

function figureOf({ read }: Reading, result: ApiTestResult): number {
  return ranksLast(result) ? Number.POSITIVE_INFINITY : (read(result) ?? Number.POSITIVE_INFINITY);
}
