import type { ComparisonPlan } from './comparison-file.js';
import { ASSUMED_SPREAD, planSight } from './plan-sight.js';
import { remainingMs, roughDuration } from './remaining-time.js';

/** A plan for a person, before it runs: what is done, how long it may take, and what it can tell. */
export function planText(plan: ComparisonPlan): string {
  const { contenders, runs, orders, seed, coolDownS } = plan;
  const total = contenders.length * runs;
  const due = contenders.flatMap(contender => Array<string>(runs).fill(contender));
  return [
    `${runs} blocks of ${contenders.join(', ')}; ${orders} orders a run, seed ${seed}, ${coolDownS} s between runs`,
    `${total} runs, ${roughDuration(remainingMs(due, [], plan))} (a guess until the first runs are measured)`,
    sightText(plan),
  ].join('\n');
}

function sightText(plan: ComparisonPlan): string {
  const sight = planSight(plan);
  if (sight.pairs === 0) return 'one contender: there is no pair to decide on';
  const level =
    `${sight.pairs} pair${sight.pairs === 1 ? '' : 's'}: Holm's strictest step is p <= ${percent(sight.strictestAlpha)}, ` +
    `and ${plan.runs} blocks reach ${percent(sight.smallestPValue)} at best`;
  if (!sight.canDecide) {
    return `${level}\nTHIS PLAN CAN NOT DECIDE ANYTHING: that takes at least ${sight.leastRuns} runs of each contender`;
  }
  const ratio = sight.detectableRatio === null ? 'none' : `from x ${sight.detectableRatio.toFixed(3)} on`;
  return `${level}\nwhere two runs of a block vary by ${percent(ASSUMED_SPREAD)}, differences ${ratio} are found in 80 % of all such plans`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
