import { cpuMsPerOrder, isCorrect, type RunResult } from '../results/result.js';
import { mebibytes, seconds } from '../text/format.js';

/** A metric's name in data. */
export type MetricKey =
  | 't100Ms'
  | 'steadyOrdersPerSecond'
  | 'appCpuMsPerOrder'
  | 'allCpuMsPerOrder'
  | 'appPeakMemoryBytes';

/** One figure of a run that contenders are compared by. */
export interface Metric {
  readonly key: MetricKey;
  readonly title: string;
  readonly unit: 'ms' | 'orders/s' | 'bytes';
  readonly higherIsBetter: boolean;
  /** Whether it says how fast a contender drains. */
  readonly isSpeed: boolean;
  /** What a contender is called that is better, or worse, in it. */
  readonly words: { readonly better: string; readonly worse: string };
  /** Of a run that counts in full. */
  readonly read: (result: RunResult) => number;
  /** A value for a person, with its unit. */
  readonly text: (value: number) => string;
}

/** What a comparison is made for (design.md): its pairs are judged by themselves, those of all other metrics together. */
export const PRIMARY_METRIC: Metric = {
  key: 't100Ms',
  title: 'time to drain (T100)',
  unit: 'ms',
  higherIsBetter: false,
  isSpeed: true,
  words: { better: 'faster', worse: 'slower' },
  read: result => drainOf(result)?.t100Ms ?? Number.POSITIVE_INFINITY,
  text: seconds,
};

/** Every other metric of a comparison. */
export const OTHER_METRICS: readonly Metric[] = [
  {
    key: 'steadyOrdersPerSecond',
    title: 'steady rate',
    unit: 'orders/s',
    higherIsBetter: true,
    isSpeed: true,
    words: { better: 'faster', worse: 'slower' },
    read: result => drainOf(result)?.steadyOrdersPerSecond ?? 0,
    text: rate => `${rate.toFixed(0)}/s`,
  },
  {
    key: 'appCpuMsPerOrder',
    title: 'app CPU per order',
    unit: 'ms',
    higherIsBetter: false,
    isSpeed: false,
    words: { better: 'less', worse: 'more' },
    read: result => cpuMsPerOrder(result, 'app'),
    text: cpuText,
  },
  {
    key: 'allCpuMsPerOrder',
    title: 'all CPU per order',
    unit: 'ms',
    higherIsBetter: false,
    isSpeed: false,
    words: { better: 'less', worse: 'more' },
    read: result => (['app', 'dapr', 'rig'] as const).reduce((sum, role) => sum + cpuMsPerOrder(result, role), 0),
    text: cpuText,
  },
  {
    key: 'appPeakMemoryBytes',
    title: 'peak memory of the app',
    unit: 'bytes',
    higherIsBetter: false,
    isSpeed: false,
    words: { better: 'less', worse: 'more' },
    read: ({ processes }) =>
      processes.filter(({ role }) => role === 'app').reduce((sum, { peakMemoryBytes }) => sum + peakMemoryBytes, 0),
    text: mebibytes,
  },
];

/** Every metric of a comparison, the primary one first. */
export const METRICS: readonly Metric[] = [PRIMARY_METRIC, ...OTHER_METRICS];

/**
 * A run's value of a metric; of one that ranks last Infinity, or 0 where higher is better.
 *
 * @param result undefined where a run left none.
 */
export function metricValue(metric: Metric, result: RunResult | undefined): number {
  if (result === undefined || ranksLast(result)) return metric.higherIsBetter ? 0 : Number.POSITIVE_INFINITY;
  return metric.read(result);
}

/** A run that is not complete and correct, or that left no result at all, stays in the comparison and ranks last. */
export function ranksLast(result: RunResult | undefined): boolean {
  return !(result?.status === 'complete' && isCorrect(result));
}

function drainOf(result: RunResult) {
  return result.status === 'complete' ? result.drain : null;
}

function cpuText(ms: number): string {
  return `${ms.toFixed(2)} ms`;
}
