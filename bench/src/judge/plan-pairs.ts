import type { ComparisonPlan, PlannedCost } from '../results/comparison-file.js';

/** Two contenders of a plan, by name: a is held against b. */
export interface NamedPair {
  readonly a: string;
  readonly b: string;
}

/**
 * What a plan holds against what: every pair of its contenders, the earlier against the later; with a base each contender
 * against its own base alone; of a calibration (B) and (delayed) against (A); for the cost of something on against off.
 */
export function planPairs({
  contenders,
  base,
  calibration,
  costOf,
}: Pick<ComparisonPlan, 'contenders' | 'base' | 'calibration' | 'costOf'>): NamedPair[] {
  if (costOf) {
    const { on, off } = costNames(costOf);
    return [{ a: on, b: off }];
  }
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

/** Every pair of two things, in their order: three have three pairs, five have ten. */
export function pairsOf<T>(things: readonly T[]): { readonly a: T; readonly b: T }[] {
  return things.flatMap((a, index) => things.slice(index + 1).map(b => ({ a, b })));
}

/** What one contender is called in a calibration. */
export interface CalibrationNames {
  readonly first: string;
  readonly second: string;
  /** The one beside which a process takes a share of each core. */
  readonly delayed: string;
}

/** A calibration's three names for one contender. */
export function calibrationNames(contender: string): CalibrationNames {
  return { first: `${contender} (A)`, second: `${contender} (B)`, delayed: `${contender} (delayed)` };
}

/** What one contender is called with something on, and without it: `express-ts (live)` and `express-ts (off)`. */
export function costNames({ contender, what }: PlannedCost): { readonly on: string; readonly off: string } {
  return { on: `${contender} (${what})`, off: `${contender} (off)` };
}
