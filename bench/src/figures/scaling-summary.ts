import type { Scaling } from '../results/result.js';

/** A burst's scaling in a few figures, over all roles. Milliseconds from the moment for which all orders were scheduled. */
export interface ScalingSummary {
  /** When the first pod above those at the start was ready; null where none came in time. */
  readonly firstNewMs: number | null;
  /** Orders that were written by then; null where none came. */
  readonly writtenByFirstNew: number | null;
  /** The most ready pods at once of the role that had the most, and when they were there; null where none came. */
  readonly peakPods: number;
  readonly peakMs: number | null;
  /** Time of all pods of all roles together. */
  readonly podSeconds: number;
  readonly restarts: number;
}

/** Sums a burst's scaling up. */
export function scalingSummary({ from, roles }: Scaling): ScalingSummary {
  const reached = roles.flatMap(role => role.reached).toSorted((a, b) => a.atMs - b.atMs);
  const first = reached[0];
  const peakPods = Math.max(from, ...reached.map(({ pods }) => pods));
  return {
    firstNewMs: first?.atMs ?? null,
    writtenByFirstNew: first?.written ?? null,
    peakPods,
    peakMs: reached.find(({ pods }) => pods === peakPods)?.atMs ?? null,
    podSeconds: roles.reduce((sum, role) => sum + role.podSeconds, 0),
    restarts: roles.reduce((sum, role) => sum + role.restarts, 0),
  };
}
