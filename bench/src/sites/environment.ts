import { cpus, loadavg, release, type } from 'node:os';
import { checkoutDir, loadText, machineLoad, machineSize } from '@order-bench/rig';
import type { Environment } from '../results/result.js';
import { VOID_RULES } from '../run/void-rules.js';
import { gitCommit } from './git-commit.js';

/** What a description of the machine is made of. */
export interface EnvironmentOptions {
  /** Of what takes part in the run. */
  readonly versions: Readonly<Record<string, string>>;
  /** Told before the run that the machine is too busy for it, by whom, and what follows. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Describes the machine before anything of a run is started. */
export async function environment({ versions, say, signal }: EnvironmentOptions): Promise<Environment> {
  const machine = await describeMachine(versions);
  const quietShare = VOID_RULES.maxBusyShareBefore;
  const load = await machineLoad({ quietShare, signal });
  if ((load.busyShare ?? 0) > quietShare) {
    say(`BUSY MACHINE: ${loadText(load, quietShare)}`);
    say('this run will be void: Ctrl-C, stop them, and start again');
  }
  return { ...machine, busyShareBefore: load.busyShare };
}

/** Describes the machine without waiting to see how busy it is. */
export async function describeMachine(versions: Readonly<Record<string, string>>): Promise<Environment> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    ...machineSize(),
    os: `${type()} ${process.arch}`,
    kernel: release(),
    versions: { node: process.version, ...versions },
    gitCommit: await gitCommit(checkoutDir),
    loadAverageBefore: loadavg()[0] ?? 0,
    busyShareBefore: null,
  };
}
