import type { RunResult } from '../results/result.js';
import { median } from './median.js';
import { metricValue, PRIMARY_METRIC } from './metrics.js';

/** How many times as fast as every contender the floor has to drain, for their difference to be theirs. */
const LEAST_HEADROOM = 1.5;

/**
 * Why no winner in speed is named on a cluster, where that is so: queues, storage and daprd are the same for all, and
 * where an app that does next to nothing (`isFloor`) drains hardly faster, they decide the time.
 *
 * @param results counted runs of one comparison.
 * @returns null for runs on one machine, and where the floor leaves room.
 */
export function daprBound(results: readonly RunResult[]): string | null {
  if (results.every(({ target }) => target === 'local')) return null;
  const drainMs = (wanted: readonly RunResult[]) => median(wanted.map(result => metricValue(PRIMARY_METRIC, result)));
  const floor = results.filter(({ isFloor }) => isFloor);
  if (floor.length === 0) return 'no contender without a framework (null-ts) was measured beside the others';
  const floorMs = drainMs(floor);
  const others = results.filter(({ isFloor }) => !isFloor);
  const near = [...new Set(others.map(({ contender }) => contender))].filter(
    contender => !(drainMs(others.filter(result => result.contender === contender)) >= floorMs * LEAST_HEADROOM),
  );
  if (near.length === 0) return null;
  return `Dapr-bound: ${floor[0]?.contender}, which does next to nothing, is not ${LEAST_HEADROOM} times as fast as ${near.join(' and ')}`;
}
