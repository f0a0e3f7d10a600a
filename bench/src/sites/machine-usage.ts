import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { allowedCores, readOwnCgroup } from '@order-bench/rig';

/** CPU time of some cores since the machine's start. */
export interface CoreTimes {
  readonly busyMs: number;
  readonly totalMs: number;
}

/** Reads the time of the cores that this process may use from /proc/stat; null off Linux. */
export async function coreTimes(): Promise<CoreTimes | null> {
  if (process.platform !== 'linux') return null;
  return parseCoreTimes(await readFile('/proc/stat', 'utf8'), allowedCores());
}

/** Busy time of all cores over their time between two readings, 0 to 1; null where there are none. */
export function busyShare(before: CoreTimes | null, after: CoreTimes | null): number | null {
  if (!before || !after || after.totalMs <= before.totalMs) return null;
  return (after.busyMs - before.busyMs) / (after.totalMs - before.totalMs);
}

const WINDOW_MS = 1_000;
const MOST_WINDOWS = 5;

/**
 * Waits up to five seconds for a quiet one and returns the busy share of the quietest: what was just stopped may still
 * be tidied up, and only load that stays is a reason to distrust a run. Null off Linux.
 *
 * @param quietShare a second that is no busier ends the wait.
 */
export async function quietestSecond(quietShare: number, signal: AbortSignal): Promise<number | null> {
  let quietest: number | null = null;
  for (let window = 0; window < MOST_WINDOWS && (quietest === null || quietest > quietShare); window++) {
    const before = await coreTimes();
    if (!before) return null;
    await delay(WINDOW_MS, undefined, { signal });
    const share = busyShare(before, await coreTimes()) ?? 1;
    quietest = Math.min(quietest ?? 1, share);
  }
  return quietest;
}

/** USER_HZ is 100 on every platform that Node supports. */
const MS_PER_TICK = 10;

/**
 * The lines `cpu<n>` of these cores in /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; what follows is in user already.
 * Time that the hypervisor took away counts as busy: the machine did not have it.
 */
export function parseCoreTimes(stat: string, cores: readonly number[]): CoreTimes {
  let [total, idle] = [0, 0];
  for (const [, core, figures = ''] of stat.matchAll(/^cpu(\d+) +(.*)$/gm)) {
    if (!cores.includes(Number(core))) continue;
    const ticks = figures.split(' ').slice(0, 8).map(Number);
    total += ticks.reduce((sum, value) => sum + value, 0);
    idle += (ticks[3] ?? 0) + (ticks[4] ?? 0);
  }
  return { busyMs: (total - idle) * MS_PER_TICK, totalMs: total * MS_PER_TICK };
}

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
