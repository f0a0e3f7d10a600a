import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { readProc } from './proc.js';

/** What a process here really has of the machine, its children with it. */
export interface MachineSize {
  /** Cores that its affinity names, or as many as its cgroup's CPU limit comes to, rounded up. */
  readonly cores: number;
  /** Of the machine, or its cgroup's limit. */
  readonly memoryBytes: number;
}

/** Reads affinity (taskset, cpusets) and the limits of this process's own cgroup, as a container sets them. */
export function machineSize(): MachineSize {
  // 0, or more than there is, where there is no limit.
  const limitBytes = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return {
    cores: Math.min(availableParallelism(), coresOfLimit(readOwnCgroup('cpu.max'))),
    memoryBytes: Math.min(totalmem(), limitBytes),
  };
}

/** The cores that this process may run on, by their numbers. Linux only. */
export function allowedCores(): number[] {
  return parseCores(/^Cpus_allowed_list:\s*(\S+)$/m.exec(readProc('/proc/self/status'))?.[1] ?? '');
}

/** A kernel's list of cores: `0-3,8` is 0, 1, 2, 3 and 8. */
export function parseCores(list: string): number[] {
  return list
    .split(',')
    .filter(Boolean)
    .flatMap(part => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

/** A `cpu.max` file (cgroup v2), `<quota> <period>` in microseconds or `max <period>`, as cores; Infinity without a limit. */
export function coresOfLimit(cpuMax: string): number {
  const [, quota, period] = /^(\d+) (\d+)/.exec(cpuMax) ?? [];
  return quota === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(Number(quota) / Number(period)));
}

/** A file of this process's cgroup; empty off Linux, without cgroup v2, and where its controller is off. */
export function readOwnCgroup(file: string): string {
  const path = /^0::(.*)$/m.exec(readOrEmpty('/proc/self/cgroup'))?.[1];
  return path === undefined ? '' : readOrEmpty(join('/sys/fs/cgroup', path, file));
}

/** Of a file that is not there on every system. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
