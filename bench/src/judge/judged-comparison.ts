import type { StoredComparison } from '../results/stored-comparison.js';
import { type Comparison, compareResults } from './comparison.js';
import { planPairs } from './plan-pairs.js';

/** What a stored comparison says. */
export function comparisonOf({ record, results }: StoredComparison): Comparison {
  const failed = record.runs.filter(({ status }) => status === 'failed');
  const voidWithoutResult = record.runs.filter(run => run.status === 'void' && run.resultId === null).length;
  const { contenders, runs, seed } = record.plan;
  const pairs = planPairs(record.plan);
  return compareResults(results, { id: record.id, contenders, pairs, runs, seed, failed, voidWithoutResult });
}
