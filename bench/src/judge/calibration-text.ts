import { percent } from '../text/format.js';
import { type Calibration, MOST_RUNS, type SameFigures } from './calibration.js';
import { METRICS, type MetricKey, PRIMARY_METRIC } from './metrics.js';
import { ratioText } from './paired-ratio.js';

/** A calibration in a few sentences. */
export function calibrationSentences(calibration: Calibration): string[] {
  const { plan, blocks, subPlans, same, delayed } = calibration;
  const asked = percent(plan.delayShare);
  return [
    subPlans === 0
      ? `blocks with both (A) and (B): ${blocks}, too few for a comparison that could be decided; that takes 6`
      : `${decidedOf(same)} of ${plan.contender} with itself were decided (5 % is what the test allows): ` +
        `${2 * blocks} runs, cut into ${subPlans} plans of 6 blocks or more, a comparison a metric; ${boundOf(calibration)}`,
    ...(delayed === null
      ? [`no block holds a run beside which ${asked} of each core were taken: nothing is known of a delay`]
      : [
          `with ${delayed.takenShare === null ? 'an unknown share' : percent(delayed.takenShare)} of each core really taken (${asked} were asked for) ` +
            `the delay was ${delayed.verdict === 'worse' ? 'found' : 'not found'} in ${delayed.blocks} blocks: T100 ${ratioText(delayed.ratio)} times as long, p ${delayed.pValue.toPrecision(2)}`,
        ]),
    ...(subPlans === 0 ? [] : [neededOf(calibration)]),
  ];
}

/** What is decided of what there is nothing to decide, and how large the share may be in truth. */
function boundOf({ same, metrics }: Calibration): string {
  const primary = metrics.find(({ metric }) => metric === PRIMARY_METRIC.key) ?? same;
  const others = metrics
    .filter(({ decided }) => decided > 0)
    .map(({ metric, decided }) => `${titleOf(metric)} ${decided}`);
  return (
    `95 % upper bound ${percent(same.atMost)} were all independent, which the metrics of one run are not; ` +
    `of T100 alone, where they are, ${primary.decided} of ${primary.comparisons}, at most ${percent(primary.atMost)}` +
    (others.length === 0 ? '' : `; decided by metric: ${others.join(', ')}`)
  );
}

function neededOf({ plan, runsNeeded }: Calibration): string {
  const runs = runsNeeded === null ? `more than ${MOST_RUNS}` : runsNeeded;
  return `finding ${percent(plan.delayShare)} in T100 in 80 % takes ${runs} runs of each contender, by how much (A) and (B) differ`;
}

function decidedOf({ decided, comparisons }: SameFigures): string {
  return `${decided} of ${comparisons} comparisons (${percent(decided / comparisons)})`;
}

function titleOf(key: MetricKey): string {
  return METRICS.find(metric => metric.key === key)?.title ?? key;
}
