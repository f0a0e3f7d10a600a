import { sampleStandardDeviation } from 'simple-statistics';
import type { RunResult } from '../result.js';
import type { Block } from '../stats/block.js';
import { blockedPermutationTest } from '../stats/blocked-permutation-test.js';
import { type RandomIndex, randomIndex } from '../stats/random-index.js';
import { ratioOfMedians } from '../stats/ratio-of-medians.js';
import { UsageError } from '../usage-error.js';
import { POWER } from './comparison.js';
import type { ComparisonPlan } from './comparison-file.js';
import { METRICS, type MetricKey, metricValue } from './metrics.js';
import { pairsOf } from './pairs-of.js';
import { type Verdict, verdict } from './verdict.js';

/** How often a plan decides where there is nothing to decide, and how often it finds what is there. */
export interface Calibration {
  /** The contender of the plan whose values vary most: the hardest to tell anything about. */
  readonly contender: string;
  readonly metric: MetricKey;
  /** Blocks of each resampled comparison: as many as the plan has. */
  readonly runs: number;
  /** How many comparisons were resampled for each figure. */
  readonly comparisons: number;
  readonly seed: number;
  /** Share of the comparisons of the contender with itself that decide all the same; at most 7 % is wanted. */
  readonly decidedWithItself: number;
  /** What one side was slowed down by for the figures below. */
  readonly delayRatio: number;
  /** Share that then decides, and rightly, at 5 %: two contenders, nothing to correct for. */
  readonly found: number;
  /** The same at the strictest step that Holm asks of a pair in this plan. */
  readonly foundAfterHolm: number;
  /** The least runs of each contender that find it in 80 % (at 5 %); null where 100 do not. */
  readonly runsNeeded: number | null;
}

const COMPARISONS = 200;
const DELAY_RATIO = 1.05;
const MOST_RUNS = 100;
/** Fewer runs do not show how much they vary. */
const LEAST_VALUES = 6;

/**
 * Calibrates a plan on the drain times that it measured. Each resampled comparison has the plan's blocks, and each block
 * holds two different runs of one contender, drawn at random with no regard to their blocks: so what differs between
 * blocks, and would cancel within them, stays in as noise, and the found shares err on the low side. No values are made
 * up or smoothed; runs that rank last take part in nothing here.
 *
 * @throws UsageError when no contender has enough complete runs.
 */
export function calibrate(results: readonly RunResult[], plan: ComparisonPlan): Calibration {
  const metric = METRICS[0] as (typeof METRICS)[number];
  const candidates = plan.contenders
    .map(contender => {
      const runs = results.filter(result => result.contender === contender && result.status !== 'void');
      return { contender, values: runs.map(run => metricValue(metric, run)).filter(Number.isFinite) };
    })
    .filter(({ values }) => values.length >= LEAST_VALUES)
    .sort((a, b) => spread(b.values) - spread(a.values));
  const [hardest] = candidates;
  if (!hardest) {
    throw new UsageError(`calibrating takes ${LEAST_VALUES} complete runs of one contender: compare with more RUNS`);
  }
  const { contender, values } = hardest;
  const share = (runs: number, delayRatio: number, isWanted: (found: Verdict) => boolean, tests = 1) => {
    const random = randomIndex(plan.seed);
    const verdicts = Array.from({ length: COMPARISONS }, () => {
      const blocks = resampledBlocks(values, { runs, delayRatio, random });
      return verdict(metric, {
        ratio: ratioOfMedians(blocks),
        adjustedPValue: Math.min(1, blockedPermutationTest(blocks) * tests),
      });
    });
    return verdicts.filter(isWanted).length / COMPARISONS;
  };
  const found = (runs: number, tests = 1) => share(runs, DELAY_RATIO, one => one === 'worse', tests);
  return {
    contender,
    metric: metric.key,
    runs: plan.runs,
    comparisons: COMPARISONS,
    seed: plan.seed,
    decidedWithItself: share(plan.runs, 1, one => one !== '~'),
    delayRatio: DELAY_RATIO,
    found: found(plan.runs),
    foundAfterHolm: found(plan.runs, pairsOf(plan.contenders).length),
    runsNeeded: leastRuns(runs => found(runs) >= POWER),
  };
}

function resampledBlocks(
  values: readonly number[],
  { runs, delayRatio, random }: { runs: number; delayRatio: number; random: RandomIndex },
): Block[] {
  return Array.from({ length: runs }, () => {
    const first = random(values.length);
    const second = (first + 1 + random(values.length - 1)) % values.length;
    return { a: (values[first] ?? 0) * delayRatio, b: values[second] ?? 0 };
  });
}

/** By halving: more runs find more. */
function leastRuns(suffices: (runs: number) => boolean): number | null {
  if (!suffices(MOST_RUNS)) return null;
  let [tooFew, enough] = [0, MOST_RUNS];
  while (enough - tooFew > 1) {
    const runs = Math.floor((tooFew + enough) / 2);
    if (runs > 0 && suffices(runs)) enough = runs;
    else tooFew = runs;
  }
  return enough;
}

function spread(values: readonly number[]): number {
  return sampleStandardDeviation(values.map(Math.log));
}
