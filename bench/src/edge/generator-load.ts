import { availableParallelism } from 'node:os';
import type { CoreSplit, K6Run } from '../results/k6-result.js';

/**
 * From this busy share of its cores on, the load generator is the bottleneck. It can only make an answer look late or an order
 * go unsent: a rate that was held is held however busy it was; one that was not, and a latency, then say nothing of the app.
 */
const BOTTLENECK_SHARE = 0.85;

/** What the busy share is worked out from. */
export interface GeneratorLoad {
  readonly generatorCpuMs: number;
  readonly appCpuMs: number;
  readonly elapsedMs: number;
  readonly cores: CoreSplit | null;
}

/** CPU of generator and stub over the time of their cores; where cores are not split, with the app's over that of all. */
export function generatorBusyShare({ generatorCpuMs, appCpuMs, elapsedMs, cores }: GeneratorLoad): number {
  return cores
    ? generatorCpuMs / (elapsedMs * cores.generator.length)
    : (generatorCpuMs + appCpuMs) / (elapsedMs * availableParallelism());
}

/** Why a run says nothing of the app, or null. */
export function bottleneckOf({ test, ratePerSecond, generator }: K6Run): string | null {
  if (generator.busyShare < BOTTLENECK_SHARE) return null;
  return (
    `the load generator was the bottleneck in ${test} at ${ratePerSecond} orders/s: ` +
    `its cores were ${Math.round(generator.busyShare * 100)} % busy, ${BOTTLENECK_SHARE * 100} % are too much`
  );
}
