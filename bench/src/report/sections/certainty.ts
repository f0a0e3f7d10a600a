import { calibrationSentences } from '../../judge/calibration-text.js';
import { paragraph, type Section } from '../document.js';
import type { Evidence } from '../evidence.js';
import { sourcesOf } from '../figures.js';

/** How often a comparison decides wrongly, and how small a difference it finds, from a contender's runs against itself. */
export function certaintySection({ calibration }: Pick<Evidence, 'calibration'>): Section {
  const title = 'How sure this is';
  if (!calibration) {
    return {
      id: 'certainty',
      title,
      blocks: [
        paragraph(
          'Nothing has been calibrated: `make calibrate` measures one contender against itself, and tells how often that is decided all the same and whether a real delay is found.',
        ),
      ],
    };
  }
  const { id, figures, noClaim, runs } = calibration;
  const { contender, delayShare } = figures.plan;
  return {
    id: 'certainty',
    title,
    blocks: [
      paragraph(
        `Calibration \`${id}\`: \`${contender}\` ran as (A), (B) and (delayed) once in each block; beside (delayed) processes took ${delayShare * 100} % of each core. Nothing is resampled:`,
      ),
      { kind: 'list', items: calibrationSentences(figures) },
      ...(noClaim === null ? [] : [paragraph(`No claim is made of it: ${noClaim}.`)]),
      { kind: 'sources', results: sourcesOf([{ runs }]) },
    ],
  };
}
