import { paragraph, type Section } from '../document.js';
import type { Bursts } from '../evidence.js';
import { percent } from '../figures.js';

/** How often the comparison would decide wrongly, and how small a difference it finds. */
export function certaintySection({ compared }: Bursts): Section {
  const title = 'How sure this is';
  if (!compared) {
    return {
      id: 'certainty',
      title,
      blocks: [
        paragraph(
          'Single runs have no error rates. `make compare` has, and `bench compare --calibrate` measures them.',
        ),
      ],
    };
  }
  const { calibration, id } = compared.record;
  if (!calibration) {
    return {
      id: 'certainty',
      title,
      blocks: [
        paragraph(
          `Comparison \`${id}\` is not calibrated: \`bench compare --calibrate\` resamples it to tell how often it would decide wrongly.`,
        ),
      ],
    };
  }
  const { contender, comparisons, runs, decidedWithItself, delayRatio, found, foundAfterHolm, runsNeeded } =
    calibration;
  const delay = percent(delayRatio - 1);
  return {
    id: 'certainty',
    title,
    blocks: [
      paragraph(
        `Comparison \`${id}\`, resampled ${comparisons} times from the runs of \`${contender}\`, whose drain times vary most, ${runs} blocks each:`,
      ),
      {
        kind: 'list',
        items: [
          `held against itself it was decided in ${percent(decidedWithItself)} of the comparisons (at most 7 % is wanted)`,
          `an injected delay of ${delay} was found in ${percent(found)}, and in ${percent(foundAfterHolm)} at the strictest step that Holm asks for in this plan (80 % is wanted)`,
          runsNeeded === null
            ? `finding ${delay} in 80 % takes more than 100 runs`
            : `finding ${delay} in 80 % takes ${runsNeeded} runs of each contender`,
        ],
      },
    ],
  };
}
