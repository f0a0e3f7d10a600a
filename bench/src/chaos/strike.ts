import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rig } from '@order-bench/rig';
import type { StruckFault } from './fault-outcome.js';
import type { PlannedFault } from './fault-schedule.js';

/** What to break, and from when on. */
export interface StrikeOptions {
  readonly rig: Rig;
  readonly faults: readonly PlannedFault[];
  /** The first order's time, milliseconds since the epoch. */
  readonly startMs: number;
  readonly signal: AbortSignal;
  /** Told of each fault as it strikes. */
  readonly onStrike: (fault: PlannedFault) => void;
}

/**
 * Carries out a schedule of faults and returns, when the last one is lifted, all of them in the order in which they struck.
 * Aborted, it leaves faults as they are, for the rig is then stopped.
 */
export async function strike(options: StrikeOptions): Promise<StruckFault[]> {
  // Each fault waits on the signal by itself: a fault that hangs, as one at a stopped broker does, must not hold up the others.
  setMaxListeners(0, options.signal);
  const struck = await Promise.all(options.faults.map(fault => strikeOnce(fault, options)));
  return struck.sort((a, b) => a.beganAtMs - b.beganAtMs);
}

async function strikeOnce(
  fault: PlannedFault,
  { rig, startMs, signal, onStrike }: StrikeOptions,
): Promise<StruckFault> {
  const { kind, target, atMs, durationMs } = fault;
  await until(startMs + atMs, signal);
  await kind.when?.(rig, signal);
  onStrike(fault);
  const beganAtMs = Date.now();
  await kind.begin(rig, target);
  if (kind.end) {
    await until(beganAtMs + durationMs, signal);
    await kind.end(rig, target);
  }
  return { kind: kind.id, target, beganAtMs, endedAtMs: kind.end ? Date.now() : beganAtMs };
}

async function until(timeMs: number, signal: AbortSignal): Promise<void> {
  await delay(Math.max(0, timeMs - Date.now()), undefined, { signal });
}
