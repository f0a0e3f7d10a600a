import type { ComparisonPlan } from '../results/comparison-file.js';
import { calibrationNames } from './calibration-names.js';
import { pairsOf } from './pairs-of.js';

/** Two contenders of a plan, by name: a is held against b. */
export interface NamedPair {
  readonly a: string;
  readonly b: string;
}

/**
 * What a plan holds against what: every pair of its contenders, the earlier against the later; with a base each contender
 * against its own base alone; of a calibration (B) and (delayed) against (A).
 */
export function planPairs({
  contenders,
  base,
  calibration,
}: Pick<ComparisonPlan, 'contenders' | 'base' | 'calibration'>): NamedPair[] {
  if (calibration) {
    const { first, second, delayed } = calibrationNames(calibration.contender);
    return [second, delayed].map(a => ({ a, b: first }));
  }
  if (base) {
    const named = contenders.map(a => ({ a, b: baseName(a, base.commit) }));
    return named.filter(({ b }) => contenders.includes(b));
  }
  return pairsOf(contenders);
}

/** What a contender is called that was built from a base commit. */
export function baseName(contender: string, commit: string): string {
  return `${contender} (base ${commit.slice(0, 7)})`;
}
