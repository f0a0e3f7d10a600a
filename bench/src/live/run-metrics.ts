import { type SupervisedProcess, usageByGroup } from '@order-bench/rig';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { EndedRun, LiveRun } from './live-state.js';

/** What is to be told of, as it is when somebody asks. */
export interface ShownRuns {
  /** Null between runs. */
  readonly run: LiveRun | null;
  /** The newest first. */
  readonly ended: readonly EndedRun[];
  /** Of the rig that is up; empty where there is none. */
  readonly processes: readonly SupervisedProcess[];
}

/** A command's runs for Prometheus. All figures are read when they are asked for, which takes a few ms of CPU. */
export function runMetrics(shown: () => ShownRuns): Registry {
  const registry = new Registry();
  const registers = [registry];
  const usages = sharedWhileRunning(() => usagesOf(shown().processes));
  collectDefaultMetrics({ register: registry });
  for (const { name, help, read } of PROGRESS) {
    new Gauge({
      ...{ name, help, registers },
      labelNames: ['contender'],
      collect() {
        this.reset();
        const { run } = shown();
        if (run?.progress) this.set({ contender: run.contender }, read(run.progress));
      },
    });
  }
  new Counter({
    name: 'order_bench_runs_total',
    help: 'Runs that ended',
    labelNames: ['contender', 'status'],
    registers,
    collect() {
      this.reset();
      for (const { contender, status } of shown().ended) this.inc({ contender, status });
    },
  });
  new Gauge({
    name: 'order_bench_run_drain_seconds',
    help: 'Time to drain (T100) of the last run of a contender that was timed',
    labelNames: ['contender'],
    registers,
    collect() {
      this.reset();
      // Written over by the newer ones.
      for (const { contender, t100Ms } of shown().ended.toReversed()) {
        if (t100Ms !== null) this.set({ contender }, t100Ms / 1000);
      }
    },
  });
  new Counter({
    name: 'order_bench_process_cpu_seconds_total',
    help: 'CPU time of a process of the rig, and of what it started',
    labelNames: ['process', 'role'],
    registers,
    async collect() {
      const found = await usages();
      this.reset();
      for (const { process, role, cpuMs } of found) this.inc({ process, role }, cpuMs / 1000);
    },
  });
  new Gauge({
    name: 'order_bench_process_resident_memory_bytes',
    help: 'Resident memory of a process of the rig now, and of what it started',
    labelNames: ['process', 'role'],
    registers,
    async collect() {
      const found = await usages();
      this.reset();
      for (const { process, role, rssBytes } of found) this.set({ process, role }, rssBytes);
    },
  });
  return registry;
}

interface ProcessUsage {
  readonly process: string;
  readonly role: string;
  readonly cpuMs: number;
  readonly rssBytes: number;
}

async function usagesOf(processes: readonly SupervisedProcess[]): Promise<ProcessUsage[]> {
  const usage = await usageByGroup(new Set(processes.map(({ pid }) => pid)));
  return processes.map(({ name, role, pid }) => {
    const { cpuMs = 0, rssBytes = 0 } = usage.get(pid) ?? {};
    return { process: name, role, cpuMs, rssBytes };
  });
}

/** All metrics are collected at once: what two of them need is looked for once. */
function sharedWhileRunning<T>(look: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= look().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** Of the run in progress, in steps that move orders. */
const PROGRESS: readonly {
  readonly name: string;
  readonly help: string;
  readonly read: (progress: NonNullable<LiveRun['progress']>) => number;
}[] = [
  {
    name: 'order_bench_run_orders_expected',
    help: 'Orders of the drain, or warm-up, in progress',
    read: ({ expected }) => expected,
  },
  {
    name: 'order_bench_run_orders_written',
    help: 'Those of them that are written',
    read: ({ written }) => written,
  },
];
