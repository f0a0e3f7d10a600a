import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { procProcesses, readProc, writeProc } from './proc.js';

/** What a process group has used so far. */
export interface ProcessUsage {
  /** CPU time of all processes in the group, ended ones that were waited for included: `userCpuMs + systemCpuMs`. */
  readonly cpuMs: number;
  readonly userCpuMs: number;
  readonly systemCpuMs: number;
  /** Resident memory now, the sum over its processes (Linux: VmRSS): pages that they share count in each. */
  readonly rssBytes: number;
}

/** The most memory that a process group held since `restartPeakMemory`, or since its start. */
export interface PeakMemory {
  readonly bytes: number;
  /** `pss`: what it shares with others is counted once among them. `rss`: now, for want of a peak, shared pages whole. */
  readonly source: 'pss' | 'rss';
}

/**
 * Reads the CPU time and memory of process groups, keyed by group id. A group with no process left is absent.
 *
 * Linux: `/proc/<pid>/stat` and `status` (proc(5)), resolution 10 ms. Elsewhere `ps`, resolution 10 ms too.
 */
export async function usageByGroup(groups: ReadonlySet<number>): Promise<Map<number, ProcessUsage>> {
  return process.platform === 'linux' ? fromProc(groups) : fromPs(groups);
}

/**
 * Has the peak memory of process groups begin anew: what `peakMemoryByGroup` gives later is the peak since now. Linux, by
 * `/proc/<pid>/clear_refs` (proc(5)); elsewhere there is no peak to begin anew.
 */
export function restartPeakMemory(groups: ReadonlySet<number>): void {
  if (process.platform !== 'linux') return;
  for (const { pid } of procProcesses(groups)) writeProc(`/proc/${pid}/clear_refs`, '5');
}

/**
 * The peak memory of process groups. Linux: the sum of each process's own peak of resident memory (VmHWM), less the part of
 * its shared pages that falls to others, as it is now (Rss less Pss of `/proc/<pid>/smaps_rollup`, proc(5)): what processes
 * share is program code and files, which stay. Takes some ms for a large process. Elsewhere: resident memory now.
 */
export async function peakMemoryByGroup(groups: ReadonlySet<number>): Promise<Map<number, PeakMemory>> {
  if (process.platform !== 'linux') {
    const usage = await fromPs(groups);
    return new Map([...usage].map(([group, { rssBytes }]) => [group, { bytes: rssBytes, source: 'rss' }]));
  }
  const peaks = new Map<number, PeakMemory>();
  for (const { pid, group } of procProcesses(groups)) {
    const rollup = readProc(`/proc/${pid}/smaps_rollup`);
    const sharedBytes = memoryBytes(rollup, 'Rss') - memoryBytes(rollup, 'Pss');
    const ownBytes = memoryBytes(readProc(`/proc/${pid}/status`), 'VmHWM') - sharedBytes;
    peaks.set(group, { bytes: (peaks.get(group)?.bytes ?? 0) + Math.max(0, ownBytes), source: 'pss' });
  }
  return peaks;
}

/** Linux reports times to user space in ticks of USER_HZ, 100 a second on every platform that Node supports. */
const MS_PER_TICK = 10;

function fromProc(groups: ReadonlySet<number>): Map<number, ProcessUsage> {
  const usage = new Map<number, ProcessUsage>();
  for (const { pid, group, stat } of procProcesses(groups)) {
    add(usage, { group, ...cpuTimes(stat), rssBytes: memoryBytes(readProc(`/proc/${pid}/status`), 'VmRSS') });
  }
  return usage;
}

/** CPU time in the fields of `/proc/<pid>/stat` from the third on: utime and stime, cutime and cstime. */
export function cpuTimes(stat: readonly string[]): { userCpuMs: number; systemCpuMs: number } {
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = stat.slice(11, 15).map(Number);
  return { userCpuMs: (user + childrenUser) * MS_PER_TICK, systemCpuMs: (system + childrenSystem) * MS_PER_TICK };
}

/** An amount of memory in a file of proc(5), which gives it in KiB; 0 for a process that has none, as a zombie. */
export function memoryBytes(text: string, field: 'VmRSS' | 'VmHWM' | 'Rss' | 'Pss'): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024;
}

async function fromPs(groups: ReadonlySet<number>): Promise<Map<number, ProcessUsage>> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pgid=,utime=,time=,rss=']);
  const usage = new Map<number, ProcessUsage>();
  for (const line of stdout.split('\n')) {
    const [group, user, both, rssKiB] = line.trim().split(/\s+/);
    if (user === undefined || both === undefined || !groups.has(Number(group))) continue;
    const userCpuMs = parsePsTime(user);
    const systemCpuMs = parsePsTime(both) - userCpuMs;
    const rssBytes = Number(rssKiB) * 1024;
    add(usage, { group: Number(group), userCpuMs, systemCpuMs, rssBytes });
  }
  return usage;
}

/** `[[dd-]hh:]mm:ss[.cc]` of ps in milliseconds. */
export function parsePsTime(time: string): number {
  const [days, clock] = time.includes('-') ? (time.split('-') as [string, string]) : ['0', time];
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}

interface GroupPart {
  readonly group: number;
  readonly userCpuMs: number;
  readonly systemCpuMs: number;
  readonly rssBytes: number;
}

function add(usage: Map<number, ProcessUsage>, part: GroupPart): void {
  const { group, userCpuMs, systemCpuMs, rssBytes } = part;
  const before = usage.get(group) ?? { cpuMs: 0, userCpuMs: 0, systemCpuMs: 0, rssBytes: 0 };
  usage.set(group, {
    cpuMs: before.cpuMs + userCpuMs + systemCpuMs,
    userCpuMs: before.userCpuMs + userCpuMs,
    systemCpuMs: before.systemCpuMs + systemCpuMs,
    rssBytes: before.rssBytes + rssBytes,
  });
}
