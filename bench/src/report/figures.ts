import type { ProcessRole } from '@order-bench/rig';
import { median, medianOfKnown } from '../judge/median.js';
import { ranksLast } from '../judge/metrics.js';
import type { StoredResult } from '../results/read-results.js';
import type { DrainFigures, RunResult } from '../results/result.js';
import type { Source } from './document.js';
import type { ContenderRuns } from './evidence.js';

/** What a role is called in a chart. */
export const ROLE_TITLES: Readonly<Record<ProcessRole, string>> = {
  app: 'app',
  dapr: 'Dapr',
  rig: 'rig (broker, blobs)',
  harness: 'measuring',
};

/** What "all CPU" is the sum of, as in the comparison's metric: measuring is no part of what moves an order. */
export const COUNTED_ROLES = ['app', 'dapr', 'rig'] as const satisfies readonly ProcessRole[];

/** Whether a contender was measured once: nothing may be claimed of it then. */
export function isOneRun({ runs }: Pick<ContenderRuns, 'runs'>): boolean {
  return runs.length === 1;
}

/** A run's drain figures; null where it has none that are whole. */
export function drainOf(result: RunResult): DrainFigures | null {
  return result.status === 'complete' ? result.drain : null;
}

/** Seconds until the last order was written, Infinity for a run that ranks last; null for a run that is not timed. */
export function secondsToDrain(result: RunResult): number | null {
  if (ranksLast(result)) return Number.POSITIVE_INFINITY;
  const drain = drainOf(result);
  return drain ? drain.t100Ms / 1000 : null;
}

/**
 * The median over runs of what `read` finds in each. Runs that are not complete and correct rank last, as they do in a
 * comparison: they count as `last`. Null where nothing is found, or where it would be `last`.
 */
export function medianOf(
  runs: readonly StoredResult[],
  read: (result: RunResult) => number | null | undefined,
  last = Number.POSITIVE_INFINITY,
): number | null {
  const values = runs
    .map(({ result }) => (ranksLast(result) ? last : read(result)))
    .filter(value => value !== null && value !== undefined);
  const found = values.length > 0 ? median(values) : last;
  return found === last || !Number.isFinite(found) ? null : found;
}

/** Median over complete runs of their late over early rate; null where none has one. */
export function lateOverEarlyRate(runs: readonly StoredResult[]): number | null {
  return medianOfKnown(runs.map(({ result }) => drainOf(result)?.lateOverEarlyRate));
}

/** Sum of the peaks of a role's processes, in MiB. */
export function peakMebibytes({ processes }: RunResult, role: ProcessRole): number {
  return (
    processes.filter(process => process.role === role).reduce((sum, { peakMemoryBytes }) => sum + peakMemoryBytes, 0) /
    2 ** 20
  );
}

/** The result files behind a figure. */
export function sourcesOf(groups: readonly Pick<ContenderRuns, 'runs'>[]): Source[] {
  return groups.flatMap(({ runs }) =>
    runs.map(({ result, file }) => ({ id: result.id, contender: result.contender, file })),
  );
}
