import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { busyShare, coreTimes } from './core-times.js';
import { allProcesses, readProc } from './proc.js';
import { cpuTimes } from './process-usage.js';

/** How busy a machine is, and by whom. */
export interface MachineLoad {
  /** Of all cores in the quietest second that was found, 0 to 1; null where the machine does not tell. */
  readonly busyShare: number | null;
  /** Those that used most CPU, the busiest first; looked for only where the machine is too busy. */
  readonly busiest: readonly BusyProcess[];
}

/** A process that uses CPU. */
export interface BusyProcess {
  readonly pid: number;
  /** Its program and what that runs, without paths and arguments: those may be secrets. */
  readonly name: string;
  /** Of one core. */
  readonly coreShare: number;
}

/** What is waited for, and for how long. */
export interface LoadOptions {
  /** A second that is no busier ends the wait. */
  readonly quietShare: number;
  /** At most so many seconds are looked at; 5 unless given. */
  readonly mostSeconds?: number;
  readonly signal?: AbortSignal;
}

const WINDOW_MS = 1_000;
const MOST_SECONDS = 5;
const NAMED = 3;
const LEAST_CORE_SHARE = 0.05;

/**
 * Waits up to five seconds for a quiet one: what was just stopped may still be tidied up, and only load that stays is a
 * reason to distrust a run. Off Linux there is nothing to see.
 */
export async function machineLoad({
  quietShare,
  mostSeconds = MOST_SECONDS,
  signal,
}: LoadOptions): Promise<MachineLoad> {
  let quietest: number | null = null;
  let busiest: readonly BusyProcess[] = [];
  for (let second = 0; second < mostSeconds && (quietest === null || quietest > quietShare); second++) {
    const before = await coreTimes();
    if (!before) return { busyShare: null, busiest: [] };
    const processes = cpuMsByProcess();
    await delay(WINDOW_MS, undefined, { signal });
    const share = busyShare(before, await coreTimes()) ?? 1;
    quietest = Math.min(quietest ?? 1, share);
    if (quietest > quietShare) busiest = busiestSince(processes);
  }
  return { busyShare: quietest, busiest: (quietest ?? 0) > quietShare ? busiest : [] };
}

/** `64 % of all cores are busy, at most 10 % may be: cargo (process 12) 98 % of a core`. */
export function loadText({ busyShare: share, busiest }: MachineLoad, quietShare: number): string {
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  const names = busiest.map(({ pid, name, coreShare }) => `${name} (process ${pid}) ${percent(coreShare)} of a core`);
  const busy =
    share === null ? 'unknown' : `${percent(share)} of all cores are busy, at most ${percent(quietShare)} may be`;
  return names.length === 0 ? busy : `${busy}: ${names.join(', ')}`;
}

function busiestSince(before: ReadonlyMap<number, number>): BusyProcess[] {
  return [...cpuMsByProcess()]
    .map(([pid, cpuMs]) => ({ pid, coreShare: (cpuMs - (before.get(pid) ?? 0)) / WINDOW_MS }))
    .filter(({ pid, coreShare }) => pid !== process.pid && coreShare >= LEAST_CORE_SHARE)
    .sort((a, b) => b.coreShare - a.coreShare)
    .slice(0, NAMED)
    .map(({ pid, coreShare }) => ({ pid, name: nameOf(pid), coreShare }));
}

/** Own time of every process: its children have a line of their own. */
function cpuMsByProcess(): Map<number, number> {
  return new Map(
    allProcesses().map(({ pid, stat }) => {
      const { userCpuMs, systemCpuMs } = cpuTimes([...stat.slice(0, 13), '0', '0']);
      return [pid, userCpuMs + systemCpuMs];
    }),
  );
}

function nameOf(pid: number): string {
  const [program = '', first = ''] = readProc(`/proc/${pid}/cmdline`).split('\0');
  const script = /^[^-=][^=]*$/.test(first) ? ` ${basename(first)}` : '';
  return program === '' ? 'a process of the system' : `${basename(program)}${script}`;
}
