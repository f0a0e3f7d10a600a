import { subPlans } from '../judge/calibration.js';
import { METRICS, OTHER_METRICS } from '../judge/metrics.js';
import { planPairs } from '../judge/plan-pairs.js';
import { ASSUMED_SPREAD, planSight } from '../judge/plan-sight.js';
import { remainingMs, roughDuration } from '../plans/remaining-time.js';
import type { ComparisonPlan, PlannedCalibration } from '../results/comparison-file.js';
import { percent } from '../text/format.js';

/** A plan for a person, before it runs: what is done, how long it may take, and what it can tell. */
export function planText(plan: ComparisonPlan): string {
  const { contenders, runs, orders, seed, coolDownS, calibration } = plan;
  const total = contenders.length * runs;
  const due = contenders.flatMap(contender => Array<string>(runs).fill(contender));
  return [
    `${runs} blocks of ${contenders.join(', ')}; ${orders} orders per run, seed ${seed}, ${coolDownS} s between runs`,
    `${total} runs, ${roughDuration(remainingMs(due, [], plan))} (a guess until the first runs are measured)`,
    calibration ? calibrationText(calibration, runs) : sightText(plan),
  ].join('\n');
}

function calibrationText({ delayShare }: PlannedCalibration, runs: number): string {
  const parts = subPlans(Array.from({ length: runs }, () => null)).length;
  return (
    `(A) and (B) are the same: ${parts} plans of 6 blocks or more, ${parts * METRICS.length} comparisons that should not be decided; ` +
    `beside (delayed) a process takes ${percent(delayShare)} of each core`
  );
}

function sightText(plan: ComparisonPlan): string {
  const { runs, seed } = plan;
  const pairs = planPairs(plan).length;
  if (pairs === 0) return 'one contender: there is no pair to decide on';
  const primary = planSight({ comparisons: pairs, runs, seed });
  const others = planSight({ comparisons: pairs * OTHER_METRICS.length, runs, seed });
  const level =
    `${pairs} pair${pairs === 1 ? '' : 's'}: Holm's strictest step is p <= ${percent(primary.strictestAlpha)} for T100 and ` +
    `${percent(others.strictestAlpha)} for the ${OTHER_METRICS.length} other metrics together; ${runs} blocks reach ${percent(primary.smallestPValue)} at best`;
  if (!primary.canDecide) {
    return (
      `${level}\nTHIS PLAN CAN NOT DECIDE ANYTHING: that takes at least ${primary.leastRuns} runs of each contender, ` +
      `${others.leastRuns} for more than T100`
    );
  }
  const ratio = primary.detectableRatio === null ? 'none' : `from x ${primary.detectableRatio.toFixed(3)} on`;
  return [
    level,
    ...(others.canDecide
      ? []
      : [
          `THIS PLAN CAN NOT DECIDE ANYTHING BUT T100: the other metrics take at least ${others.leastRuns} runs of each contender`,
        ]),
    `where two runs of a block vary by ${percent(ASSUMED_SPREAD)}, differences in T100 ${ratio} are found in 80 % of all such plans`,
  ].join('\n');
}
