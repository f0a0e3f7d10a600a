import type { ProcessRole } from '@order-bench/rig';
import type { PlannedCost } from '../results/comparison-file.js';
import { cpuMsPerOrder, type RunResult } from '../results/result.js';
import type { StoredComparison } from '../results/stored-comparison.js';
import { percent } from '../text/format.js';
import type { Block } from './blocked-permutation-test.js';
import { runPairs, runsOf } from './contender-runs.js';
import { PRIMARY_METRIC, ranksLast } from './metrics.js';
import { pairedRatio, type Ratio, ratioText } from './paired-ratio.js';
import { costNames } from './plan-pairs.js';

/** What it costs that something is on. */
export interface CostOfWatching {
  readonly plan: PlannedCost;
  /** Blocks that hold a whole run of both. */
  readonly blocks: number;
  /** On over off, of the CPU of every process, the harness's too; null where no block holds both. */
  readonly cpu: Ratio | null;
  /** The same of the time to drain. */
  readonly drain: Ratio | null;
}

/**
 * What the runs of such a plan say, by pairs within blocks.
 *
 * @throws RangeError for a comparison that is another plan.
 */
export function costOfWatching({ record, results }: StoredComparison): CostOfWatching {
  const { costOf: plan } = record.plan;
  if (!plan) throw new RangeError(`comparison ${record.id} is not about the cost of anything`);
  const { on, off } = costNames(plan);
  const own = results.filter(({ comparison }) => comparison?.id === record.id);
  const pairs = runPairs(runsOf(on, own, []), runsOf(off, own, []));
  const blocksOf = (read: (result: RunResult) => number): Block[] =>
    pairs.flatMap(({ a, b }) => (a && b && !ranksLast(a) && !ranksLast(b) ? [{ a: read(a), b: read(b) }] : []));
  const cpu = blocksOf(result => ROLES.reduce((sum, role) => sum + cpuMsPerOrder(result, role), 0));
  const drain = blocksOf(PRIMARY_METRIC.read);
  return {
    plan,
    blocks: cpu.length,
    cpu: cpu.length === 0 ? null : pairedRatio(cpu),
    drain: drain.length === 0 ? null : pairedRatio(drain),
  };
}

/** Of all that a run's CPU is counted for. */
const ROLES: readonly ProcessRole[] = ['app', 'dapr', 'rig', 'harness'];

/** What a page that follows runs may take of their CPU at most. */
const MOST_CPU = 0.02;

/** The same for a person. */
export function costSentences({ plan, blocks, cpu, drain }: CostOfWatching): string[] {
  if (!cpu || !drain) return ['no block holds a whole run of both: nothing is known'];
  return [
    `with ${TITLES[plan.what]}, ${plan.contender} takes ${ratioText(cpu)} times the CPU of all processes, the bench's too, ` +
      `and ${ratioText(drain)} times as long to drain (${blocks} blocks): ${limitText(cpu)}`,
  ];
}

const TITLES: Readonly<Record<PlannedCost['what'], string>> = {
  live: 'the live page open',
  tracing: 'its orders traced',
};

function limitText({ low, high }: Ratio): string {
  const limit = percent(MOST_CPU);
  if (high <= 1 + MOST_CPU) return `at most ${limit} more CPU`;
  return low > 1 + MOST_CPU ? `more than ${limit} more CPU` : `whether that is more than ${limit} is not decided`;
}
