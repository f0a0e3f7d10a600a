import { wholePercent } from './whole-percent.js';

/**
 * When a run is void, in numbers fixed before it. All are signals that no contender can cause: nothing of it runs yet,
 * or it is about clocks. What disturbs a run later shows in its machine figures (busyShare beside ownShare) and decides
 * nothing, for a contender's own work is in there too.
 */
export const VOID_RULES = {
  /**
   * Busy share of all cores in the quietest of up to five seconds before anything is started. One thread that stays busy
   * is an eighth of eight cores, and more of fewer: it is over the limit, and an idle system's housekeeping is not.
   */
  maxBusyShareBefore: 0.1,
  /**
   * Time left before the first order's time when everything is scheduled and every counter read. Less, and the end of
   * scheduling or the reading of counters lies inside the drain: its CPU would be the harness's or go uncounted.
   */
  minReadyMs: 50,
  /**
   * Change of the wall clock against the monotonic one between start of the rig and end of the drain. Broker and blob
   * server keep time by the monotonic clock from the wall clock's value at their start: a step shifts what the harness
   * schedules against what they record. 50 ms is 1 % of the shortest drain that is compared, five seconds.
   */
  maxClockStepMs: 50,
} as const;

/** What the rules look at. */
export interface VoidSignals {
  /** Null where the machine does not tell: the rule then can't be broken. */
  readonly busyShareBefore: number | null;
  readonly readyMs: number;
  readonly clockStepMs: number;
}

/** The rules that a run broke, each as a sentence with its number; empty for a run that stands. */
export function brokenRules({ busyShareBefore, readyMs, clockStepMs }: VoidSignals): string[] {
  const { maxBusyShareBefore, minReadyMs, maxClockStepMs } = VOID_RULES;
  const broken: string[] = [];
  if (busyShareBefore !== null && busyShareBefore > maxBusyShareBefore) {
    broken.push(
      `the machine was busy before the start: ${wholePercent(busyShareBefore)} of its cores in its quietest second, ` +
        `at most ${wholePercent(maxBusyShareBefore)} is allowed`,
    );
  }
  if (readyMs < minReadyMs) {
    broken.push(`scheduling was late: ready ${Math.round(readyMs)} ms before the first order, not ${minReadyMs} ms`);
  }
  if (Math.abs(clockStepMs) > maxClockStepMs) {
    broken.push(
      `the clock was set by ${Math.round(clockStepMs)} ms during the run, at most ${maxClockStepMs} ms is allowed`,
    );
  }
  return broken;
}

/** The rules in one line, for whoever reads a run's output. */
export function describeVoidRules(): string {
  const { maxBusyShareBefore, minReadyMs, maxClockStepMs } = VOID_RULES;
  return (
    `A run is void when the machine was more than ${wholePercent(maxBusyShareBefore)} busy before its start, ` +
    `less than ${minReadyMs} ms were left after scheduling, or the clock was set by more than ${maxClockStepMs} ms.`
  );
}
