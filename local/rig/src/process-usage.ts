import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What a process group has used so far. */
export interface ProcessUsage {
  /** CPU time in user and kernel mode of all processes in the group, ended ones that were waited for included. */
  readonly cpuMs: number;
  /** Linux: sum of each process's own peak (VmHWM). Elsewhere: resident memory now. */
  readonly rssPeakBytes: number;
}

/**
 * Reads the CPU time and memory of process groups, keyed by group id. A group with no process left is absent.
 *
 * Linux: `/proc/<pid>/stat` and `status` (proc(5)), resolution 10 ms. Elsewhere `ps`, resolution 10 ms too.
 */
export function usageByGroup(groups: ReadonlySet<number>): Promise<Map<number, ProcessUsage>> {
  return process.platform === 'linux' ? fromProc(groups) : fromPs(groups);
}

/** Linux reports times to user space in ticks of USER_HZ, 100 a second on every platform that Node supports. */
const MS_PER_TICK = 10;

async function fromProc(groups: ReadonlySet<number>): Promise<Map<number, ProcessUsage>> {
  const usage = new Map<number, ProcessUsage>();
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = await readProc(`/proc/${pid}/stat`);
    // The second field, the program's name in brackets, may hold spaces: count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const group = Number(fields[2]);
    if (!groups.has(group)) continue;
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    const peakKiB = Number(/^VmHWM:\s+(\d+)/m.exec(await readProc(`/proc/${pid}/status`))?.[1] ?? 0);
    add(usage, { group, cpuMs: ticks * MS_PER_TICK, rssBytes: peakKiB * 1024 });
  }
  return usage;
}

/** A process may end between the listing and the reading: it then counts as nothing. */
async function readProc(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}

async function fromPs(groups: ReadonlySet<number>): Promise<Map<number, ProcessUsage>> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pgid=,time=,rss=']);
  const usage = new Map<number, ProcessUsage>();
  for (const line of stdout.split('\n')) {
    const [group, time, rssKiB] = line.trim().split(/\s+/);
    if (time === undefined || !groups.has(Number(group))) continue;
    add(usage, { group: Number(group), cpuMs: parsePsTime(time), rssBytes: Number(rssKiB) * 1024 });
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
  readonly cpuMs: number;
  readonly rssBytes: number;
}

function add(usage: Map<number, ProcessUsage>, { group, cpuMs, rssBytes }: GroupPart): void {
  const before = usage.get(group) ?? { cpuMs: 0, rssPeakBytes: 0 };
  usage.set(group, { cpuMs: before.cpuMs + cpuMs, rssPeakBytes: before.rssPeakBytes + rssBytes });
}
