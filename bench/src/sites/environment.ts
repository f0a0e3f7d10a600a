import { execFile } from 'node:child_process';
import { cpus, loadavg, release, type } from 'node:os';
import { promisify } from 'node:util';
import { checkoutDir, machineSize } from '@order-bench/rig';
import type { Environment } from '../results/result.js';
import { VOID_RULES } from '../run/void-rules.js';
import { quietestSecond } from './machine-usage.js';

/** Describes the machine before anything of a run is started, beside the versions of what takes part in it. */
export async function environment(
  versions: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Environment> {
  const machine = await describeMachine(versions);
  return { ...machine, busyShareBefore: await quietestSecond(VOID_RULES.maxBusyShareBefore, signal) };
}

/** Describes the machine without waiting to see how busy it is. */
export async function describeMachine(versions: Readonly<Record<string, string>>): Promise<Environment> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    ...machineSize(),
    os: `${type()} ${process.arch}`,
    kernel: release(),
    versions: { node: process.version, ...versions },
    gitCommit: await gitCommit(),
    loadAverageBefore: loadavg()[0] ?? 0,
    busyShareBefore: null,
  };
}

async function gitCommit(): Promise<string> {
  const git = async (...args: string[]) => (await promisify(execFile)('git', args, { cwd: checkoutDir })).stdout.trim();
  try {
    const commit = await git('rev-parse', 'HEAD');
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    return changes === '' ? commit : `${commit}-dirty`;
  } catch {
    // No git, or a copy without its history: a run is still worth something there.
    return 'unknown';
  }
}
