import { wholePercent } from '../text/format.js';

/**
 * When a run is void, in numbers fixed before it. All are signals that no contender can cause: it has no order yet, or
 * they are about clocks. What disturbs a run later shows in its machine figures (busyShare beside ownShare) and decides
 * nothing, for a contender's own work is in there too.
 */
export const VOID_RULES = {
  /**
   * Busy share of all cores in the quietest of up to five seconds before anything is started. One thread that stays busy
   * is an eighth of eight cores, and more of fewer: it is over the limit, and an idle system's housekeeping is not.
   */
  maxBusyShareBefore: 0.1,
  /**
   * What must be left of the time that a place gives for reading the counters (`Site.sampleBeforeMs`) when scheduling is
   * over and this program has woken up for it, as a share. On this machine half of it is 125 ms; in 275 runs waking up and
   * reading took at most 109. How long the reading itself takes is up to the contender's daprds too: it decides nothing,
   * and shows in the result as `readyMs`.
   */
  minReadingShare: 0.5,
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
  /** Time from when reading the counters began to the first order. */
  readonly readingMs: number;
  /** What the place gives for that. */
  readonly sampleBeforeMs: number;
  readonly clockStepMs: number;
}

/** The rules that a run broke, each as a sentence with its number; empty for a run that stands. */
export function brokenRules({ busyShareBefore, readingMs, sampleBeforeMs, clockStepMs }: VoidSignals): string[] {
  const { maxBusyShareBefore, minReadingShare, maxClockStepMs } = VOID_RULES;
  const broken: string[] = [];
  if (busyShareBefore !== null && busyShareBefore > maxBusyShareBefore) {
    broken.push(
      `the machine was busy before the start: ${wholePercent(busyShareBefore)} of its cores in its quietest second, ` +
        `at most ${wholePercent(maxBusyShareBefore)} is allowed`,
    );
  }
  const minReadingMs = sampleBeforeMs * minReadingShare;
  if (readingMs < minReadingMs) {
    broken.push(
      `scheduling was late: it left ${Math.round(readingMs)} ms for reading the counters, at least ${minReadingMs} ms are needed`,
    );
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
  const { maxBusyShareBefore, minReadingShare, maxClockStepMs } = VOID_RULES;
  return (
    `A run is void when the machine was more than ${wholePercent(maxBusyShareBefore)} busy before its start, ` +
    `late scheduling left less than ${wholePercent(minReadingShare)} of the time for reading the counters, ` +
    `or the clock was set by more than ${maxClockStepMs} ms.`
  );
}
