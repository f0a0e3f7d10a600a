import {
  busyShare,
  type CoreTimes,
  coreTimes,
  machineSize,
  type ProcessUsage,
  peakMemoryByGroup,
  restartPeakMemory,
  type SupervisedProcess,
  type Supervisor,
  type SwitchesByThread,
  switchesByGroup,
  switchesSince,
  usageByGroup,
} from '@order-bench/rig';
import type { ProcessFigures, RssBytes } from '../results/result.js';
import type { Cost } from '../run/site.js';
import { throttledMs } from './throttled-time.js';

/** What everything has used until one moment, to be held against a later one. */
export interface CostSample {
  readonly atMs: number;
  readonly usageByPid: ReadonlyMap<number, ProcessUsage>;
  /** Null off Linux. */
  readonly switchesByPid: ReadonlyMap<number, SwitchesByThread> | null;
  readonly cores: CoreTimes | null;
  readonly throttledMs: number | null;
  readonly harness: HarnessUsage;
}

/** Reads what all processes of a rig, this one and the machine have used so far, and has their peaks of memory begin anew. */
export async function startCost(supervisor: Supervisor): Promise<CostSample> {
  restartPeakMemory(groups(supervisor.processes));
  return sampleCost(supervisor);
}

async function sampleCost(supervisor: Supervisor): Promise<CostSample> {
  // First of all, so that taking the sample counts as sampling.
  const harness = harnessUsage();
  const atMs = performance.now();
  const pids = groups(supervisor.processes);
  return {
    atMs,
    harness,
    cores: await coreTimes(),
    throttledMs: throttledMs(),
    usageByPid: await usageByGroup(pids),
    switchesByPid: switchesByGroup(pids),
  };
}

/** Resident memory of every process of a rig, and of this one, now. Takes a few ms of CPU. */
export async function residentBytes({ processes }: Pick<Supervisor, 'processes'>): Promise<RssBytes> {
  const usage = await usageByGroup(groups(processes));
  const rig = processes.flatMap(({ name, pid }) => {
    const own = usage.get(pid);
    return own ? [[name, own.rssBytes] as const] : [];
  });
  return Object.fromEntries([...rig, [HARNESS, process.memoryUsage.rss()]]);
}

/** What every process and the machine used between a sample and now. */
export async function costSince(supervisor: Supervisor, since: CostSample, orders: number): Promise<Cost> {
  const now = await sampleCost(supervisor);
  // After the CPU was read: looking through the memory of large processes takes some.
  const peaks = await peakMemoryByGroup(groups(supervisor.processes));
  const perThousand = (cpuMs: number) => Math.round((cpuMs / orders) * 10_000) / 10;
  const rig = supervisor.processes.map(({ name, role, pid, restarts }): ProcessFigures => {
    const before = since.usageByPid.get(pid);
    const after = now.usageByPid.get(pid);
    const spentMs = (kind: 'cpuMs' | 'userCpuMs' | 'systemCpuMs') => (after?.[kind] ?? 0) - (before?.[kind] ?? 0);
    const threads = now.switchesByPid?.get(pid);
    const switches = threads ? switchesSince(since.switchesByPid?.get(pid) ?? new Map(), threads) : null;
    return {
      name,
      role,
      cpuMs: spentMs('cpuMs'),
      cpuMsPerThousandOrders: perThousand(spentMs('cpuMs')),
      userCpuMs: spentMs('userCpuMs'),
      systemCpuMs: spentMs('systemCpuMs'),
      voluntaryContextSwitches: switches?.voluntary ?? null,
      involuntaryContextSwitches: switches?.involuntary ?? null,
      peakMemoryBytes: peaks.get(pid)?.bytes ?? 0,
      memorySource: peaks.get(pid)?.source ?? 'rss',
      restarts,
    };
  });
  const harness = harnessFigures({ before: since.harness, after: harnessUsage(), perThousand });
  const processes = [...rig, harness];
  const ownCpuMs = processes.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  return {
    processes,
    machine: {
      busyShare: roundedShare(busyShare(since.cores, now.cores)),
      ownShare: roundedShare(ownCpuMs / ((now.atMs - since.atMs) * machineSize().cores)) ?? 0,
      throttledMs: now.throttledMs === null || since.throttledMs === null ? null : now.throttledMs - since.throttledMs,
      samplerCpuMs: harness.cpuMs,
    },
  };
}

function groups(processes: readonly SupervisedProcess[]): Set<number> {
  return new Set(processes.map(({ pid }) => pid));
}

/** This process's name in results. */
const HARNESS = 'bench';

/** What this process has used so far. */
export interface HarnessUsage {
  readonly userCpuMs: number;
  readonly systemCpuMs: number;
  readonly voluntary: number;
  readonly involuntary: number;
}

/** What this process has used, from getrusage(2): Linux and macOS count its context switches there. */
export function harnessUsage(): HarnessUsage {
  const usage = process.resourceUsage();
  return {
    userCpuMs: usage.userCPUTime / 1000,
    systemCpuMs: usage.systemCPUTime / 1000,
    voluntary: usage.voluntaryContextSwitches,
    involuntary: usage.involuntaryContextSwitches,
  };
}

/** Two readings, and how a figure is given for a thousand orders. */
export interface HarnessCost {
  readonly before: HarnessUsage;
  readonly after: HarnessUsage;
  readonly perThousand: (cpuMs: number) => number;
}

/** What this process used between two readings, as the result records it. */
export function harnessFigures({ before, after, perThousand }: HarnessCost): ProcessFigures {
  const userCpuMs = Math.round(after.userCpuMs - before.userCpuMs);
  const systemCpuMs = Math.round(after.systemCpuMs - before.systemCpuMs);
  return {
    name: HARNESS,
    role: 'harness',
    cpuMs: userCpuMs + systemCpuMs,
    cpuMsPerThousandOrders: perThousand(userCpuMs + systemCpuMs),
    userCpuMs,
    systemCpuMs,
    voluntaryContextSwitches: after.voluntary - before.voluntary,
    involuntaryContextSwitches: after.involuntary - before.involuntary,
    // Since this process's start, whatever it did before. Node reports it in KiB (process.resourceUsage).
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    memorySource: 'rss',
    restarts: 0,
  };
}

/** A share to three digits. */
export function roundedShare(share: number | null): number | null {
  return share === null ? null : Math.round(share * 1000) / 1000;
}
