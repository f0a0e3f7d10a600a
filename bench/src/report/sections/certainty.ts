import { calibrationSentences } from '../../judge/calibration-text.js';
import { folded, type Missing, paragraph, type Section } from '../document.js';
import type { Evidence } from '../evidence.js';
import { sourcesOf } from '../figures.js';

/** How often a comparison decides wrongly, and how small a difference it finds, from a contender's runs against itself. */
export function certaintySection({ calibration }: Pick<Evidence, 'calibration'>): Section | Missing {
  if (!calibration) {
    return {
      missing:
        'how often a comparison decides wrongly: `make calibrate` measures one contender against itself, and beside a delay that is really there',
    };
  }
  const { id, figures, noClaim, runs } = calibration;
  const { contender, delayShare } = figures.plan;
  return {
    id: 'certainty',
    title: 'How sure this is',
    blocks: [
      paragraph(
        `\`${contender}\` ran against itself, as (A), (B) and (delayed) once in each block; beside (delayed) processes took ${delayShare * 100} % of each core.`,
      ),
      ...(noClaim === null ? [] : [paragraph(`No claim is made of it: ${noClaim}.`)]),
      folded(
        `What calibration ${id} found`,
        { kind: 'list', items: calibrationSentences(figures) },
        { kind: 'sources', results: sourcesOf([{ runs }]) },
      ),
    ],
  };
}
