import { type SupervisedProcess, type Supervisor, usageByGroup } from '@order-bench/rig';
import type { ProcessFigures } from './result.js';

/** CPU time of every process at one moment, to be held against a later one. */
export interface CostSample {
  readonly cpuMsByPid: ReadonlyMap<number, number>;
  readonly harnessCpuMs: number;
}

/** Reads what all processes of a rig, and this one, have used so far. */
export async function sampleCost(supervisor: Supervisor): Promise<CostSample> {
  const usage = await usageByGroup(groups(supervisor.processes));
  return { cpuMsByPid: new Map([...usage].map(([pid, { cpuMs }]) => [pid, cpuMs])), harnessCpuMs: harnessCpuMs() };
}

/** CPU of the contender's own processes between a sample and now. */
export async function appCpuMsSince(supervisor: Supervisor, since: CostSample): Promise<number> {
  const apps = supervisor.processes.filter(({ role }) => role === 'app');
  const usage = await usageByGroup(groups(apps));
  return apps.reduce((sum, { pid }) => sum + (usage.get(pid)?.cpuMs ?? 0) - (since.cpuMsByPid.get(pid) ?? 0), 0);
}

/** What every process used between a sample and now. */
export async function costSince(supervisor: Supervisor, since: CostSample, orders: number): Promise<ProcessFigures[]> {
  const usage = await usageByGroup(groups(supervisor.processes));
  const perThousand = (cpuMs: number) => Math.round((cpuMs / orders) * 10_000) / 10;
  const figures = supervisor.processes.map(({ name, role, pid, restarts }): ProcessFigures => {
    const { cpuMs = 0, rssPeakBytes = 0 } = usage.get(pid) ?? {};
    const spentMs = cpuMs - (since.cpuMsByPid.get(pid) ?? 0);
    return {
      name,
      role,
      cpuMs: spentMs,
      cpuMsPerThousandOrders: perThousand(spentMs),
      peakRssBytes: rssPeakBytes,
      restarts,
    };
  });
  const harnessMs = Math.round(harnessCpuMs() - since.harnessCpuMs);
  return [
    ...figures,
    {
      name: 'bench',
      role: 'harness',
      cpuMs: harnessMs,
      cpuMsPerThousandOrders: perThousand(harnessMs),
      // Node reports it in KiB (process.resourceUsage).
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      restarts: 0,
    },
  ];
}

function groups(processes: readonly SupervisedProcess[]): Set<number> {
  return new Set(processes.map(({ pid }) => pid));
}

function harnessCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
