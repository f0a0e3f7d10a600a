import type { ComparisonPlan } from '../results/comparison-file.js';

/** How long one run took, everything included. */
export interface RunDuration {
  readonly contender: string;
  readonly durationMs: number;
}

/** Start, warm-up and verifying of one run, and its drain an order, before any was measured. */
const GUESSED_BASE_MS = 30_000;
const GUESSED_MS_PER_ORDER = 2;

/**
 * How long the runs that are due will take: each as long as its contender's runs did on average, else as all did, else a
 * guess.
 */
export function remainingMs(
  due: readonly string[],
  seen: readonly RunDuration[],
  { orders, coolDownS }: Pick<ComparisonPlan, 'orders' | 'coolDownS'>,
): number {
  const guess = GUESSED_BASE_MS + GUESSED_MS_PER_ORDER * orders;
  const ofAll = meanMs(seen) ?? guess;
  const runs = due.reduce(
    (sum, name) => sum + (meanMs(seen.filter(({ contender }) => contender === name)) ?? ofAll),
    0,
  );
  return runs + due.length * coolDownS * 1000;
}

/** Roughly how long, for a person. */
export function roughDuration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  return minutes < 90 ? `about ${minutes} min` : `about ${(minutes / 60).toFixed(1)} h`;
}

function meanMs(seen: readonly RunDuration[]): number | undefined {
  return seen.length === 0 ? undefined : seen.reduce((sum, { durationMs }) => sum + durationMs, 0) / seen.length;
}
