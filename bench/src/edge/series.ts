import type { AppId } from '@order-bench/orders';
import { drawnSequence } from '../plans/run-blocks.js';
import type { K6Series } from '../results/k6-result.js';

/** Which contenders are measured in which roles, how often. */
export interface SeriesPlan {
  readonly id: string;
  readonly contenders: readonly string[];
  readonly roles: readonly AppId[];
  readonly runs: number;
  readonly seed: number;
}

/** One measurement that is due. */
export interface DueMeasurement {
  readonly contender: string;
  readonly role: AppId;
  readonly series: K6Series;
}

/** Every measurement of a plan in its order: blocks that hold each contender once, drawn from the seed, role by role. */
export function seriesOf({ id, contenders, roles, runs, seed }: SeriesPlan): DueMeasurement[] {
  return drawnSequence({ contenders, runs, seed }).flatMap((drawn, block) =>
    roles.flatMap(role =>
      drawn.map((contender, position) => ({
        contender,
        role,
        series: { id, seed, block: block + 1, position: position + 1 },
      })),
    ),
  );
}
