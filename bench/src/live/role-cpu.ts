import { type ProcessRole, type Supervisor, usageByGroup } from '@order-bench/rig';

/** CPU of a rig's processes by role between two looks. */
export class RoleCpu {
  private before: { readonly atMs: number; readonly cpuMs: ReadonlyMap<string, number> } | undefined;

  constructor(private readonly supervisor: Pick<Supervisor, 'processes'>) {}

  /** CPU since the last look as a share of one core; empty at the first look. Takes a few ms of CPU. */
  async look(): Promise<Partial<Record<ProcessRole, number>>> {
    const { processes } = this.supervisor;
    const usage = await usageByGroup(new Set(processes.map(({ pid }) => pid)));
    const cpuMs = new Map<string, number>();
    for (const { role, pid } of processes) cpuMs.set(role, (cpuMs.get(role) ?? 0) + (usage.get(pid)?.cpuMs ?? 0));
    const { before, now } = { before: this.before, now: { atMs: performance.now(), cpuMs } };
    this.before = now;
    if (!before) return {};
    const elapsedMs = now.atMs - before.atMs;
    // A process that was started again counts from zero.
    return Object.fromEntries(
      [...cpuMs].map(([role, ms]) => [role, Math.max(0, ms - (before.cpuMs.get(role) ?? 0)) / elapsedMs]),
    );
  }
}
