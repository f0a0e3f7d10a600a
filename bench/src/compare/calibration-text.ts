import type { Calibration } from './calibrate.js';

/** A calibration in a few lines. */
export function calibrationText(calibration: Calibration): string {
  const { contender, comparisons, runs, decidedWithItself, delayRatio, found, foundAfterHolm, runsNeeded } =
    calibration;
  const delay = percent(delayRatio - 1);
  return [
    `${contender} (whose drain times vary most) against itself, ${comparisons} resampled comparisons of ${runs} blocks:`,
    `  decided although there is nothing: ${percent(decidedWithItself)} (at most 7 % is wanted)`,
    `  an injected delay of ${delay} found: ${percent(found)}, at Holm's strictest step of this plan ${percent(foundAfterHolm)} (80 % is wanted)`,
    runsNeeded === null
      ? `  finding ${delay} in 80 % takes more than 100 runs of each contender`
      : `  finding ${delay} in 80 % takes ${runsNeeded} runs of each contender`,
  ].join('\n');
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
