import { allowedCores } from '@order-bench/rig';
import { execa } from 'execa';
import type { CoreSplit } from '../results/k6-result.js';

/**
 * Splits the cores that this process may use in two halves, the app's the first. Null where they can't be split: on one
 * core, or without `taskset` (util-linux).
 */
export async function splitCores(): Promise<CoreSplit | null> {
  const cores = await pinnableCores();
  return cores && halves(cores);
}

/** The cores that this process may use; null where a process can't be kept to one: without `taskset` (util-linux). */
export async function pinnableCores(): Promise<readonly number[] | null> {
  if (process.platform !== 'linux' || (await execa('taskset', ['--version'], { reject: false })).failed) return null;
  return allowedCores();
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
