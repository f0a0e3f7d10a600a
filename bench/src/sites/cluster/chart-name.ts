import type { Contender } from '../../contenders/contender.js';
import { UsageError } from '../../text/usage-error.js';

/**
 * `contender` of deploy/chart that a contender is installed as.
 *
 * @throws UsageError for one that is not made for the cluster.
 */
export function chartName({ name, chart }: Pick<Contender, 'name' | 'chart'>): string {
  if (chart === undefined) {
    throw new UsageError(`${name} does not run on Azure, its contender.json names no 'chart': leave it out`);
  }
  return chart;
}
