import type { ProcessFigures } from '../../results/result.js';
import type { Cost } from '../../run/site.js';
import type { HarnessUsage } from '../run-cost.js';
import { harnessFigures, roundedShare } from '../run-cost.js';
import type { Pod } from './cluster.js';
import type { PodUsage } from './pod-usage.js';

/** What a contender's pods and this program had used at one moment. */
export interface ContenderUsage {
  readonly atMs: number;
  readonly harness: HarnessUsage;
  /** By the pods' uids. */
  readonly pods: ReadonlyMap<string, PodUsage>;
}

/** A drain, as its pods were read before and after it. */
export interface ContenderCostOptions {
  readonly pods: readonly Pod[];
  readonly before: ContenderUsage;
  readonly after: ContenderUsage;
  readonly orders: number;
  /** Of all nodes that the pods are on. */
  readonly cores: number;
}

/** What a drain cost: a process a pod, all its containers together, and this program. */
export function contenderCost({ pods, before, after, orders, cores }: ContenderCostOptions): Cost {
  const perThousand = (cpuMs: number) => Math.round((cpuMs / orders) * 10_000) / 10;
  const spent = ({ uid }: Pod, kind: Exclude<keyof PodUsage, 'peakMemoryBytes'>) =>
    Math.max(0, (after.pods.get(uid)?.[kind] ?? 0) - (before.pods.get(uid)?.[kind] ?? 0));
  const names = podNames(pods);
  const processes = pods.map(
    (pod): ProcessFigures => ({
      name: names.get(pod) ?? pod.name,
      role: pod.part,
      cpuMs: round(spent(pod, 'cpuMs')),
      cpuMsPerThousandOrders: perThousand(spent(pod, 'cpuMs')),
      userCpuMs: round(spent(pod, 'userCpuMs')),
      systemCpuMs: round(spent(pod, 'systemCpuMs')),
      voluntaryContextSwitches: null,
      involuntaryContextSwitches: null,
      peakMemoryBytes: after.pods.get(pod.uid)?.peakMemoryBytes ?? 0,
      memorySource: 'cgroup',
      restarts: pod.restarts,
    }),
  );
  const harness = harnessFigures({ before: before.harness, after: after.harness, perThousand });
  const podCpuMs = processes.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  return {
    processes: [...processes, harness],
    machine: {
      busyShare: null,
      ownShare: roundedShare(podCpuMs / ((after.atMs - before.atMs) * cores)) ?? 0,
      throttledMs: round(pods.reduce((sum, pod) => sum + spent(pod, 'throttledMs'), 0)),
      samplerCpuMs: harness.cpuMs,
    },
  };
}

/** Names as on one machine: `app-<role>`, `daprd-<role>`, the further ones with a number; `broker` and `blob`. */
function podNames(pods: readonly Pod[]): Map<Pod, string> {
  const count = new Map<string, number>();
  return new Map(
    pods.map(pod => {
      const name = pod.part === 'rig' ? pod.contender : `${pod.part === 'app' ? 'app' : 'daprd'}-${pod.role}`;
      const number = (count.get(name) ?? 0) + 1;
      count.set(name, number);
      return [pod, number === 1 ? name : `${name}-${number}`];
    }),
  );
}

/** cgroups count microseconds. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
