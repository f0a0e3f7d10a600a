import { freemem } from 'node:os';
import { procProcesses, readProc } from '@order-bench/rig';
import type { DensityPoint, DensityResult, K6Run } from '../results/k6-result.js';
import { UsageError } from '../text/usage-error.js';
import { artifactSize } from './artifact-size.js';
import { bottleneckOf } from './generator-load.js';
import { factsOf, type MeasurementOptions, settlingS, statusOf, warmUp, withEdge } from './measurement.js';

/** How many side by side, and under which load. */
export interface DensityOptions extends MeasurementOptions {
  readonly instances: readonly number[];
  /** Orders a second in all; one an instance where it is not given. */
  readonly ratePerSecond?: number;
  readonly durationS?: number;
}

const GIB = 2 ** 30;
/** Whether many live side by side is the question: a rare stall of one that is asked once a second is no answer to it. */
const P99_LIMIT_MS = 100;
const DURATION_S = 20;
const WARM_UP_S = 5;
const READY_MS = 30_000;
/** All start at once on the app's cores: on one core, 100 Node apps are ready after some 90 s. */
const READY_EACH_MS = 3_000;
/** With less memory than this share left the machine would swap, and the rest of it suffer. */
const MOST_OF_FREE_MEMORY = 0.8;

/** Memory of 1 to 100 instances of a contender's app side by side, at rest and under load that is spread over them. */
export async function measureDensity(options: DensityOptions): Promise<DensityResult> {
  if (process.platform !== 'linux')
    throw new UsageError('density counts shared pages once, which takes Linux (/proc/<pid>/smaps_rollup)');
  const { ready, role, instances, durationS = DURATION_S, say } = options;
  const facts = await factsOf(options, { durationS });
  const points: DensityPoint[] = [];
  const runs: K6Run[] = [];
  for (const count of [...instances].sort((a, b) => a - b)) {
    const last = points.at(-1);
    if (last && (last.loadedBytes / last.instances) * count > freemem() * MOST_OF_FREE_MEMORY) {
      say(`${count} instances would not fit into the free memory: left out`);
      break;
    }
    const { point, run } = await withEdge(
      options,
      async aimed => {
        const restBytes = proportionalBytes(aimed.edge.appGroups);
        const ratePerSecond = options.ratePerSecond ?? count;
        await warmUp(aimed, WARM_UP_S, ratePerSecond);
        const load = { ratePerSecond, durationS, settleS: settlingS(durationS), p99LimitMs: P99_LIMIT_MS };
        const { run } = await aimed.run({ test: 'load', ...load });
        const loadedBytes = proportionalBytes(aimed.edge.appGroups);
        return { run, point: pointOf({ count, restBytes, loadedBytes, run }) };
      },
      { instances: count, readyTimeoutMs: READY_MS + count * READY_EACH_MS },
    );
    say(
      `${count} instances: ${Math.round(point.restBytes / 2 ** 20)} MiB at rest, ${Math.round(point.loadedBytes / 2 ** 20)} MiB under load`,
    );
    points.push(point);
    runs.push(run);
  }
  const doubt = runs.map(bottleneckOf).find(reason => reason !== null) ?? null;
  return {
    ...facts,
    ...{ kind: 'density', ...statusOf(facts, doubt) },
    ...{ p99LimitMs: P99_LIMIT_MS, points, artifact: await artifactSize(ready, role) },
  };
}

function pointOf(measured: { count: number; restBytes: number; loadedBytes: number; run: K6Run }): DensityPoint {
  const { count, restBytes, loadedBytes, run } = measured;
  return {
    instances: count,
    restBytes,
    loadedBytes,
    ratePerSecond: run.ratePerSecond,
    p99Ms: run.responseTime?.p99Ms ?? 0,
    isHeld: run.exitCode === 0,
    instancesPerGibibyte: (GIB * count) / loadedBytes,
  };
}

/**
 * Memory of process groups with each shared page counted in parts, one for each process that has it (PSS, proc(5)): the sum
 * is what the instances take together.
 */
function proportionalBytes(groups: ReadonlySet<number>): number {
  return procProcesses(groups)
    .map(({ pid }) => Number(/^Pss:\s+(\d+)/m.exec(readProc(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024)
    .reduce((sum, bytes) => sum + bytes, 0);
}
