import { readOwnCgroup } from '@order-bench/rig';

/**
 * How long the CPU limit of this process's cgroup has held it back so far; the processes that it starts are in the same
 * one. Null off Linux, without cgroup v2, and where the CPU controller is off.
 */
export function throttledMs(): number | null {
  return parseThrottledMs(readOwnCgroup('cpu.stat'));
}

/** `throttled_usec` of a cpu.stat file, in milliseconds; null where it does not have one. */
export function parseThrottledMs(cpuStat: string): number | null {
  const [, throttledUs] = /^throttled_usec (\d+)$/m.exec(cpuStat) ?? [];
  return throttledUs === undefined ? null : Number(throttledUs) / 1000;
}
