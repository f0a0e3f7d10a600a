import { basename } from 'node:path';
import type { ProcessRole } from '@order-bench/rig';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RuntimeFacts } from '../src/contenders/runtime.js';
import { type ComparisonRun, writeComparison } from '../src/results/comparison-file.js';
import type { CompleteRun, RunMode, RunResult } from '../src/results/result.js';
import { writeResult } from '../src/results/result-file.js';
import { planDir } from '../src/results/results-folder.js';
import { type SweepRecord, writeSweep } from '../src/results/sweep-file.js';
import { exampleProcess, exampleResult } from './example-result.js';
import { endedAs } from './example-runs.js';

/** What to make up. */
export interface FakePlan {
  readonly seed: number;
  /** Runs a contender in the comparison; 0 for none. */
  readonly runs: number;
  /** Paced runs at 50, 70 and 90 %, two each. */
  readonly paced: boolean;
  readonly sweep: boolean;
  /** Make one run incomplete and one void. */
  readonly faults: boolean;
  /** Leave out that the runs are a comparison's. */
  readonly single?: boolean;
  /** The stand-in in the comparison too, or in place of Spin. */
  readonly standIn?: 'beside Spin' | 'in place of Spin';
}

interface FakeContender {
  readonly name: string;
  readonly t100Ms: number;
  readonly appCpuMs: number;
  readonly memoryMiB: number;
  readonly runtime: RuntimeFacts;
  readonly settings: Readonly<Record<string, unknown>>;
}

const SPIN = { runtime: { name: 'spin-3.6', kind: 'spin', version: '3.6.3' }, settings: { client: 'fetch' } } as const;
const NODE = { name: 'node-24', kind: 'node', version: '24.21.0' } as const;

/** Five contenders as the issue names them, in the proportions of the first figures. */
export const FAKE_CONTENDERS: readonly FakeContender[] = [
  { name: 'spin-ts@spin-3.6', t100Ms: 32_900, appCpuMs: 4, memoryMiB: 321, ...SPIN },
  { name: 'spin-ts-settings@spin-3.6', t100Ms: 24_400, appCpuMs: 2.6, memoryMiB: 402, ...SPIN },
  ...[
    { name: 'express-ts', t100Ms: 15_800, appCpuMs: 1.08, memoryMiB: 459, settings: { framework: 'express' } },
    { name: 'express-ts-fetch', t100Ms: 16_000, appCpuMs: 1.3, memoryMiB: 455, settings: { framework: 'express' } },
    { name: 'null-ts', t100Ms: 11_900, appCpuMs: 0.46, memoryMiB: 183, settings: { framework: 'none' } },
  ].map(contender => ({ ...contender, runtime: NODE })),
];

/** Quicker and cheaper than Spin, as no headline may have it. */
const STAND_IN: FakeContender = {
  ...{ name: 'spin-ts (stand-in)', t100Ms: 10_000, appCpuMs: 0.4, memoryMiB: 160 },
  runtime: { name: 'stand-in', kind: 'stand-in', version: '0.1.0' },
  settings: { client: 'fetch' },
};

const RIG_DIRECT: FakeContender = {
  ...{ name: 'rig-direct', t100Ms: 1_700, appCpuMs: 0.15, memoryMiB: 153 },
  runtime: NODE,
  settings: {},
};

const HOPS = [
  ['ingress-queue', 'waiting in the ingress queue', 'broker', 0.46],
  ['distributor-dapr-in', 'daprd to the distributor', 'daprd', 0.0002],
  ['distributor-app', 'in the distributor', 'daprd', 0.0006],
  ['distributor-dapr-out', 'daprd sends it on', 'daprd', 0.0004],
  ['delivery-queue', 'waiting in the delivery queue', 'broker', 0.03],
  ['receiver-dapr-in', 'daprd to the receiver', 'daprd', 0.0002],
  ['receiver-app', 'in the receiver', 'daprd', 0.0005],
  ['receiver-dapr-out', 'daprd to the blob server', 'daprd', 0.0003],
  ['blob-write', 'the write', 'blob', 0.00005],
] as const;

const COMPARISON_ID = '20261120T080000Z-0badcafe';

/** Writes made-up results that fit every schema into a folder: the same plan gives the same files. */
export async function writeFakeResults(dir: string, plan: FakePlan): Promise<void> {
  const random = noise(plan.seed);
  const single = planDir(dir, 'single', 'made-up');
  let minute = 0;
  const startedAt = () => new Date(Date.UTC(2026, 10, 20, 8, minute++)).toISOString();
  const runs: ComparisonRun[] = [];
  const contenders = plannedContenders(plan);
  for (let block = 1; block <= plan.runs; block++) {
    for (const [index, contender] of contenders.entries()) {
      const isFaulty = plan.faults && block === plan.runs;
      const attempts = isFaulty && contender.name === 'null-ts' ? 2 : 1;
      for (let attempt = 1; attempt <= attempts; attempt++) {
        const whole = fakeResult({ contender, startedAt: startedAt(), random, mode: 'burst' });
        const result =
          attempt < attempts
            ? endedAs(whole, 'void', 'the machine was 41 % busy before the start')
            : isFaulty && contender.name === 'spin-ts@spin-3.6'
              ? cutShort(whole)
              : whole;
        const place = { id: COMPARISON_ID, seed: plan.seed, block, position: index + 1, attempt };
        await (plan.single
          ? writeResult(result, single)
          : writeResult({ ...result, comparison: place }, planDir(dir, 'comparisons', COMPARISON_ID)));
        const { id: resultId, status } = result;
        runs.push({ block, position: index + 1, contender: contender.name, attempt, status, resultId });
      }
    }
  }
  if (plan.runs > 0 && !plan.single) await writeFakeComparison({ dir, plan, runs });
  if (plan.runs > 0) {
    await writeResult(fakeResult({ contender: RIG_DIRECT, startedAt: startedAt(), random, mode: 'burst' }), single);
  }
  if (plan.paced) {
    for (const share of [0.5, 0.7, 0.9]) {
      for (const contender of FAKE_CONTENDERS) {
        for (let run = 0; run < 2; run++) {
          const result = fakeResult({ contender, startedAt: startedAt(), random, mode: 'paced', share });
          await writeResult(result, planDir(dir, 'paced', 'made-up'));
        }
      }
    }
  }
  if (plan.sweep) await writeFakeSweep({ dir, random, startedAt, seed: plan.seed });
}

function plannedContenders({ standIn }: FakePlan): readonly FakeContender[] {
  if (standIn === undefined) return FAKE_CONTENDERS;
  const others = FAKE_CONTENDERS.filter(({ runtime }) => standIn === 'beside Spin' || runtime.kind !== 'spin');
  return [...others, STAND_IN];
}

async function writeFakeComparison({ dir, plan, runs }: { dir: string; plan: FakePlan; runs: ComparisonRun[] }) {
  const contenders = plannedContenders(plan).map(({ name }) => name);
  await writeComparison(
    {
      schemaVersion: 2,
      id: COMPARISON_ID,
      startedAt: '2026-11-20T08:00:00.000Z',
      finishedAt: '2026-11-20T09:00:00.000Z',
      status: 'complete',
      plan: { contenders, runs: plan.runs, orders: 10_000, seed: plan.seed, coolDownS: 5, tuning: {} },
      sequence: Array.from({ length: plan.runs }, () => contenders),
      runs,
      voids: runs.filter(({ status }) => status === 'void').length,
    },
    planDir(dir, 'comparisons', COMPARISON_ID),
  );
}

/** A number near 1, at most `spread` away from it; far ones are rare. */
function noise(seed: number): (spread: number) => number {
  const generator = xoroshiro128plus(seed);
  const throwOne = () => uniformInt(generator, 0, 1_000_000) / 1_000_000 - 0.5;
  return spread => 1 + (spread * (throwOne() + throwOne() + throwOne() + throwOne())) / 2;
}

interface FakeRun {
  readonly contender: FakeContender;
  readonly startedAt: string;
  readonly random: (spread: number) => number;
  readonly mode: RunMode;
  readonly share?: number;
  readonly count?: number;
  /** How much faster than usual. */
  readonly speed?: number;
}

function fakeResult(run: FakeRun): CompleteRun {
  const { contender, startedAt, random, mode, share, count = 10_000, speed = 1 } = run;
  const { name, runtime } = contender;
  const t100Ms = (contender.t100Ms / speed) * (count / 10_000) * random(0.1);
  const curve = Array.from({ length: 200 }, (_, index): [number, number] => {
    const written = Math.round(((index + 1) * count) / 200);
    return [Math.round(t100Ms * ((index + 1) / 200) ** 0.97 * 10) / 10, written];
  });
  const at = (share: number) => curve.find(([, written]) => written >= share * count)?.[0] ?? t100Ms;
  const example = exampleResult();
  const result: CompleteRun = {
    ...example,
    ...{ id: fakeId(startedAt), startedAt, contender: name, runtime, mode, curve },
    isFloor: name === 'null-ts',
    orders: { ...example.orders, count, express: count / 2, standard: count / 2 },
    correctness: { ...example.correctness, written: count },
    processes: fakeProcesses(run, count),
    machine: { ...example.machine, busyShare: 0.95 * random(0.02) },
    hops: contender === RIG_DIRECT ? [] : HOPS.map(hop => fakeHop(run, count, hop)),
    settings: { ...example.settings, ...contender.settings, host: runtime.name },
    drain: {
      ...{ t50Ms: at(0.5), t95Ms: at(0.95), t99Ms: at(0.99), t100Ms },
      steadyOrdersPerSecond: (count * 0.8) / ((at(0.9) - at(0.1)) / 1000),
      ordersPerSecond: count / (t100Ms / 1000),
      lateOverEarlyRate: contender === STAND_IN ? 1.12 : 1.01,
    },
  };
  return share === undefined ? result : { ...result, latency: fakeLatency(run, share) };
}

/** Looks drawn at random, and is another for every minute. */
function fakeId(startedAt: string): string {
  return (Math.imul(Date.parse(startedAt) / 60_000, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
}

function fakeHop({ contender, mode, random }: FakeRun, orders: number, hop: (typeof HOPS)[number]) {
  const [id, title, source, part] = hop;
  const meanMs = part * contender.t100Ms * (mode === 'paced' && source === 'broker' ? 0.002 : 1) * random(0.1);
  const figures =
    source === 'daprd'
      ? { p50Ms: null, p99Ms: null, handlerMs: meanMs * 1.2 }
      : { p50Ms: meanMs * 0.96, p99Ms: meanMs * 2, handlerMs: null };
  return { id, title, source, orders, meanMs, ...figures };
}

function fakeProcesses({ contender, random }: FakeRun, orders: number) {
  const one = (name: string, role: ProcessRole, cpuMsPerOrder: number, mebibytes: number) => ({
    ...exampleProcess({ name, role, cpuMs: cpuMsPerOrder * orders * random(0.05), orders }),
    peakMemoryBytes: Math.round(mebibytes * random(0.05) * 2 ** 20),
  });
  const roles = [
    ['distributor', 0.5],
    ['receiver-express', 0.25],
    ['receiver-standard', 0.25],
  ] as const;
  const { appCpuMs, memoryMiB } = contender;
  return [
    one('broker', 'rig', 0.5, 127),
    one('blob', 'rig', 0.2, 83),
    ...(contender === RIG_DIRECT
      ? [one('app-direct', 'app', appCpuMs, memoryMiB)]
      : roles.flatMap(([role, weight]) => [
          one(`app-${role}`, 'app', appCpuMs * weight, memoryMiB / 3),
          one(`daprd-${role}`, 'dapr', 1.4 * weight, 65),
        ])),
    one('bench', 'harness', 0.06, 199),
  ];
}

function fakeLatency({ contender, random }: FakeRun, share: number) {
  const base = (contender.appCpuMs * 2 + 4) * random(0.1);
  const ms = (percentile: number) =>
    base * (1 + (share / (1 - share)) * 0.2 * Math.log10(100 / (100.001 - percentile)) ** 2);
  return {
    ratePerSecond: Math.round((share * 10_000_000) / contender.t100Ms),
    shareOfSteadyRate: share,
    ...{ p50Ms: ms(50), p90Ms: ms(90), p99Ms: ms(99), p999Ms: ms(99.9), maxMs: ms(99.99) },
    percentiles: [0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99].map((p): [number, number] => [p, ms(p)]),
    histogram: 'made-up',
  };
}

/** As a run that the time limit ended. */
function cutShort(result: CompleteRun): RunResult {
  const run = endedAs(result, 'incomplete', '40 of 10000 orders are not written after 600 s: 40 in q-order-ingress');
  const correctness = { ...run.correctness, written: 9_960, missing: 40 };
  return { ...run, curve: run.curve.slice(0, 120), correctness };
}

interface FakeSweepOptions {
  readonly dir: string;
  readonly random: (spread: number) => number;
  readonly startedAt: () => string;
  readonly seed: number;
}

async function writeFakeSweep({ dir, random, startedAt, seed }: FakeSweepOptions): Promise<void> {
  const vary = { handlers: [4, 8, 16, 32], replicas: [1, 2] };
  const contenders = FAKE_CONTENDERS.slice(0, 3);
  const id = '20261120T120000Z-5eed5eed';
  const folder = planDir(dir, 'sweeps', id);
  const cells: SweepRecord['cells'][number][] = [];
  for (const contender of contenders) {
    for (const handlers of vary.handlers) {
      for (const replicas of vary.replicas) {
        const speed = (handlers / (handlers + 4)) * (replicas === 2 ? 1.15 : 1) * 1.25;
        const resultFiles: string[] = [];
        for (let run = 0; run < 2; run++) {
          const result = fakeResult({ contender, startedAt: startedAt(), random, mode: 'burst', count: 2_000, speed });
          resultFiles.push(basename(await writeResult(result, folder)));
        }
        cells.push({ contender: contender.name, values: { handlers, replicas }, resultFiles });
      }
    }
  }
  const plan = { contenders: contenders.map(({ name }) => name), vary, orders: 2_000, runs: 2, seed };
  await writeSweep({ schemaVersion: 1, id, startedAt: startedAt(), status: 'complete', plan, cells }, folder);
}
