import type { RunResult } from '../result.js';
import { holm } from '../stats/holm.js';
import { rankSumTest } from '../stats/rank-sum-test.js';
import { independentRatioOfMedians, type Ratio } from '../stats/ratio-of-medians.js';
import { UsageError } from '../usage-error.js';
import { MOST_VOID } from './comparison.js';
import { METRICS, type Metric, type MetricKey, metricValue } from './metrics.js';
import { type Verdict, verdict } from './verdict.js';

/** New runs held against a base, contender by contender. */
export interface Gate {
  readonly rows: readonly GateRow[];
  /** Why nothing is called a regression, where that is so. */
  readonly noClaim: string | null;
}

/** One contender in one metric. */
export interface GateRow {
  readonly contender: string;
  readonly metric: MetricKey;
  readonly baseRuns: number;
  readonly runs: number;
  /** Median of the new runs over median of the base, with its 95 % interval. */
  readonly ratio: Ratio;
  /** Holm's, over all rows. */
  readonly adjustedPValue: number;
  /** What it says of the new runs. */
  readonly verdict: Verdict;
  /** Decided, worse, and by more than the threshold. */
  readonly isRegression: boolean;
}

/**
 * Holds new runs against a base. They share no blocks, as they were measured at different times: the test is the rank-sum
 * test, with Holm over all contenders and metrics together, so that an unchanged program fails the gate in at most 5 %.
 *
 * @param thresholdPercent a decided difference up to this is no regression.
 * @throws UsageError when they have no contender in common, or were not measured alike: then no difference would be the
 *   program's.
 */
export function holdAgainst(
  base: readonly RunResult[],
  now: readonly RunResult[],
  { thresholdPercent }: { thresholdPercent: number },
): Gate {
  const contenders = [...new Set(now.map(({ contender }) => contender))].filter(name =>
    base.some(({ contender }) => contender === name),
  );
  if (contenders.length === 0) {
    throw new UsageError('the base has no contender in common with the new runs: choose another, or others');
  }
  const voidOf = (runs: readonly RunResult[]) => runs.filter(({ status }) => status === 'void').length / runs.length;
  const noClaim =
    Math.max(voidOf(base), voidOf(now)) > MOST_VOID ? `more than ${MOST_VOID * 100} % of the runs are void` : null;
  const samples = contenders.flatMap(contender => {
    const [before, after] = [counted(base, contender), counted(now, contender)];
    assertAlike(before, after);
    return before.length === 0 || after.length === 0
      ? []
      : METRICS.map(metric => ({
          contender,
          metric,
          before: before.map(run => metricValue(metric, run)),
          after: after.map(run => metricValue(metric, run)),
        }));
  });
  const adjusted = holm(samples.map(({ before, after }) => rankSumTest(after, before)));
  const rows = samples.map(({ contender, metric, before, after }, index): GateRow => {
    const ratio = independentRatioOfMedians(after, before);
    const adjustedPValue = adjusted[index] ?? 1;
    const says = noClaim === null ? verdict(metric, { ratio, adjustedPValue }) : '~';
    return {
      contender,
      metric: metric.key,
      baseRuns: before.length,
      runs: after.length,
      ratio,
      adjustedPValue,
      verdict: says,
      isRegression: says === 'worse' && worseBy(metric, ratio) > thresholdPercent / 100,
    };
  });
  return { rows, noClaim };
}

/** 0.1 for a time that is a tenth longer, and for a rate that takes a tenth longer for the same orders. */
function worseBy({ higherIsBetter }: Metric, { ratio }: Ratio): number {
  return (higherIsBetter ? 1 / ratio : ratio) - 1;
}

function counted(results: readonly RunResult[], contender: string): RunResult[] {
  return results.filter(result => result.contender === contender && result.status !== 'void');
}

/** What has to be the same for a difference to be the program's. */
function assertAlike(base: readonly RunResult[], now: readonly RunResult[]): void {
  const conditions = ({ environment: { cpu, cores, os }, orders: { count }, settings: { latency } }: RunResult) =>
    `${count} orders on ${os}, ${cpu}, ${cores} cores, latency ${JSON.stringify(latency ?? null)}`;
  const found = new Set([...base, ...now].map(conditions));
  if (found.size > 1) {
    throw new UsageError(
      `runs that were not measured alike can't be held against each other (${[...found].join('; ')}): ` +
        'measure the base on this machine, with the same orders and latency',
    );
  }
}
