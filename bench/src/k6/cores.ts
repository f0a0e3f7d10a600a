import { readFile } from 'node:fs/promises';
import { execa } from 'execa';

/** Which cores the app has for itself, and which load generator and stub have. */
export interface CoreSplit {
  readonly app: readonly number[];
  readonly generator: readonly number[];
}

/**
 * Splits the cores that this process may use in two halves, the app's the first. Null where they can't be split: on one
 * core, or without `taskset` (util-linux).
 */
export async function splitCores(): Promise<CoreSplit | null> {
  const cores = await allowedCores();
  return cores && halves(cores);
}

/** The cores that this process may use; null where a process can't be kept to one: without `taskset` (util-linux). */
export async function allowedCores(): Promise<readonly number[] | null> {
  if (process.platform !== 'linux' || (await execa('taskset', ['--version'], { reject: false })).failed) return null;
  return parseCores(/^Cpus_allowed_list:\s*(\S+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1] ?? '');
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

/** The odd core goes to the generator: it must never be what is measured. */
export function halves(cores: readonly number[]): CoreSplit | null {
  if (cores.length < 2) return null;
  const middle = Math.floor(cores.length / 2);
  return { app: cores.slice(0, middle), generator: cores.slice(middle) };
}

/** A command that keeps to these cores; unchanged where there is no split. */
export function pinned(command: readonly string[], cores: readonly number[] | undefined): readonly string[] {
  return cores ? ['taskset', '--cpu-list', cores.join(','), ...command] : command;
}
