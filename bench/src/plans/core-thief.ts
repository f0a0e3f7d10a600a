import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '../results/result.js';
import { PlaceFailed } from '../sites/cluster/place-failed.js';
import { pinnableCores, pinned } from '../sites/cores.js';

/** A run from which a share of each core is taken. */
export interface RobbedRun {
  /** 0 to 1. */
  readonly share: number;
  /** Does the run; it calls `onRig` once its rig is up, and the share is taken from then on until the run ends. */
  readonly run: (onRig: () => void) => Promise<RunResult>;
}

/**
 * Does a run beside processes, one a core, that take a share of each core away: a real delay of a known size, whatever the
 * contender. What they really took during the drain is added to the run's settings; see takenShareOf.
 *
 * @throws PlaceFailed when one of them ends before the run, beside what the run throws.
 */
export async function withCoreThief({ share, run }: RobbedRun): Promise<RunResult> {
  // Asked for before the run: nothing may be started in its course but the thief.
  const cores = await pinnableCores();
  const thieves: Thief[] = [];
  try {
    const result = await run(() => {
      const each = cores ?? Array.from({ length: availableParallelism() }, () => null);
      thieves.push(...each.map(core => startThief(share, core)));
    });
    if (!thieves.every(({ child }) => isRunning(child))) {
      throw new PlaceFailed('what should take a share of each core ended before the run did');
    }
    return {
      ...result,
      settings: { ...result.settings, coreThief: { share, takenShare: takenShare(thieves, result) } },
    };
  } finally {
    await Promise.all(thieves.map(({ child }) => stopped(child)));
  }
}

/** What a process had used at a moment. */
export interface CpuSample {
  /** Since 1970. */
  readonly atMs: number;
  readonly cpuMs: number;
}

/** CPU over time between two moments, each read off between the samples around it; null where there are none. */
export function shareBetween(samples: readonly CpuSample[], fromMs: number, toMs: number): number | null {
  const [from, to] = [cpuAt(samples, fromMs), cpuAt(samples, toMs)];
  return from === null || to === null || toMs <= fromMs ? null : (to - from) / (toMs - fromMs);
}

interface Thief {
  readonly child: ChildProcess;
  readonly samples: CpuSample[];
}

const MAIN = fileURLToPath(new URL('core-thief-main.js', import.meta.url));

function startThief(share: number, core: number | null): Thief {
  const command = [process.execPath, MAIN, String(share)];
  const [program = '', ...args] = core === null ? command : pinned(command, [core]);
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  // That it runs is looked at when the run has ended.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  const samples: CpuSample[] = [];
  createInterface({ input: child.stdout }).on('line', line => {
    const [atMs = Number.NaN, cpuMs = Number.NaN] = line.split(' ').map(Number);
    samples.push({ atMs, cpuMs });
  });
  return { child, samples };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const exited = once(child, 'exit');
  child.stdin?.end();
  await exited;
}

/** Without a process id it could not even be started. */
function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

/** Mean over the cores, from the first order's time to the last write. */
function takenShare(thieves: readonly Thief[], { schedule, curve }: RunResult): number | null {
  const fromMs = Date.parse(schedule.scheduledEnqueueTime);
  const toMs = fromMs + (curve.at(-1)?.[0] ?? 0);
  const shares = thieves.map(({ samples }) => shareBetween(samples, fromMs, toMs)).filter(share => share !== null);
  return shares.length < thieves.length || shares.length === 0
    ? null
    : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function cpuAt(samples: readonly CpuSample[], timeMs: number): number | null {
  const before = samples.findLast(({ atMs }) => atMs <= timeMs);
  const next = samples.find(({ atMs }) => atMs >= timeMs);
  if (!before || !next) return null;
  if (before === next) return next.cpuMs;
  const part = (timeMs - before.atMs) / (next.atMs - before.atMs);
  return before.cpuMs + part * (next.cpuMs - before.cpuMs);
}
