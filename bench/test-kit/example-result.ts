import type { ProcessRole } from '@order-bench/rig';
import { type CompleteRun, SCHEMA_VERSION } from '../src/results/result.js';

const PROCESSES = [
  ['distributor', 'app', 2000],
  ['receiver-express', 'app', 500],
  ['receiver-standard', 'app', 500],
  ['distributor-daprd', 'dapr', 1000],
  ['broker', 'rig', 800],
  ['bench', 'harness', 100],
] as const;

/** A made-up complete burst, with everything that a result file has; for tests, which change what they are about. */
export function exampleResult(changes: Partial<CompleteRun> = {}): CompleteRun {
  return {
    schemaVersion: SCHEMA_VERSION,
    id: '0123abcd',
    startedAt: '2026-01-02T03:04:05.678Z',
    target: 'local',
    contender: 'made-up',
    runtime: { name: 'node-24', kind: 'node', version: '24.0.0' },
    isFloor: false,
    mode: 'burst',
    status: 'complete',
    orders: { count: 1000, seed: 1, express: 500, standard: 500, malformed: 0 },
    schedule: { scheduledEnqueueTime: '2026-01-02T03:04:25.000Z', durationMs: 120, leadMs: 4880, readyMs: 210 },
    drain: {
      ...{ t50Ms: 2500, t95Ms: 4750, t99Ms: 4950, t100Ms: 5000 },
      ...{ steadyOrdersPerSecond: 200, ordersPerSecond: 200, lateOverEarlyRate: 1.01 },
    },
    timing: { resolution: 'exact', clockStepMs: 0 },
    curve: [
      [2500, 500],
      [5000, 1000],
    ],
    correctness: {
      ...{ written: 1000, missing: 0, unexpected: 0, misrouted: 0, corrupt: 0, goodDeadLettered: 0 },
      ...{ malformedDeadLettered: 0, duplicateWrites: 0, redeliveries: 0 },
    },
    processes: PROCESSES.map(([name, role, cpuMs]) => exampleProcess({ name, role, cpuMs, orders: 1000 })),
    machine: { busyShare: 0.6, ownShare: 0.49, throttledMs: null, samplerCpuMs: 20 },
    hops: [
      {
        ...{ id: 'ingress-queue', title: 'waiting in the ingress queue', source: 'broker', orders: 1000 },
        ...{ meanMs: 1200.5, p50Ms: 1100, p99Ms: 2400, handlerMs: null },
      },
      {
        ...{ id: 'distributor-app', title: 'in the distributor', source: 'daprd', orders: 1000 },
        ...{ meanMs: 12.5, p50Ms: null, p99Ms: null, handlerMs: 14 },
      },
    ],
    environment: {
      cpu: 'Made-up CPU',
      cores: 2,
      memoryBytes: 8_000_000_000,
      os: 'Linux x64',
      kernel: '6.0.0',
      versions: { node: 'v20.0.0' },
      gitCommit: 'unknown',
      loadAverageBefore: 0.1,
      busyShareBefore: 0.01,
    },
    settings: {
      ...{ host: 'node 24.0.0', blobs: 'local', replicasPerRole: 1, daprd: {}, arrival: 'burst', expressShare: 0.5 },
      ...{ meanPayloadBytes: 456, payloadBytes: null, warmUp: { orders: 11_000 } },
      latency: { name: 'none', queueMs: 0, blobMs: 0, source: null },
    },
    ...changes,
  };
}

/** A made-up paced run at 100 orders a second with a p99 for each of its minutes; the apps grow by 15 MB a minute. */
export function exampleSoak(p99Ms: readonly number[], changes: Partial<CompleteRun> = {}): CompleteRun {
  const count = 6_000 * p99Ms.length;
  const figures = { p50Ms: 5, p99Ms: 12, maxMs: 40 };
  return exampleResult({
    mode: 'paced',
    orders: { ...exampleResult().orders, count, express: count / 2, standard: count / 2 },
    latency: {
      ...figures,
      ratePerSecond: 100,
      shareOfSteadyRate: 0.7,
      p90Ms: 9,
      p999Ms: 30,
      percentiles: [
        [50, 5],
        [100, 40],
      ],
      histogram: 'made-up',
    },
    minutes: p99Ms.map((p99, index) => ({
      ...figures,
      minute: index + 1,
      orders: 6_000,
      p99Ms: p99,
      rssBytes: {
        distributor: 105_000_000 + 5_000_000 * index,
        'receiver-express': 105_000_000 + 5_000_000 * index,
        'receiver-standard': 105_000_000 + 5_000_000 * index,
        broker: 200_000_000,
      },
    })),
    ...changes,
  });
}

/** A made-up process; a quarter of its CPU time was the kernel's. */
export function exampleProcess(process: {
  readonly name: string;
  readonly role: ProcessRole;
  readonly cpuMs: number;
  readonly orders: number;
}): CompleteRun['processes'][number] {
  const { name, role, cpuMs, orders } = process;
  return {
    ...{ name, role, cpuMs, cpuMsPerThousandOrders: (cpuMs / orders) * 1000 },
    ...{ userCpuMs: cpuMs * 0.75, systemCpuMs: cpuMs * 0.25 },
    ...{ voluntaryContextSwitches: 5000, involuntaryContextSwitches: 10 },
    ...{ peakMemoryBytes: 50_000_000, memorySource: 'pss', restarts: 0 },
  };
}
