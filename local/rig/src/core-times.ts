import { readFile } from 'node:fs/promises';
import { allowedCores } from './machine-size.js';

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
