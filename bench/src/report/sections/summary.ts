import { metricValue, PRIMARY_METRIC } from '../../judge/metrics.js';
import { cpuMsPerOrder } from '../../results/result.js';
import { glanceChart } from '../charts/glance.js';
import type { Block } from '../document.js';
import type { Bursts } from '../evidence.js';
import { isOneRun, peakMebibytes } from '../figures.js';
import type { Headline } from '../headline.js';
import type { Palette } from '../palette.js';

/** What shows the headline at one look: both sides in a table, and every contender in a chart. */
export function summaryBlocks({ table }: Headline, { contenders }: Bursts, palette: Palette): Block[] {
  const groups = contenders.filter(({ runs }) => runs.length > 0);
  const orders = (groups[0]?.runs[0]?.result.orders.count ?? 0).toLocaleString('en');
  const chart = glanceChart({
    id: 'at-a-glance',
    title: `Time, CPU and memory of every contender${groups.some(isOneRun) ? ', one run of some' : ''}: shorter is better`,
    description:
      'Medians, the middle of the runs; each panel has a scale of its own. The floor is what the same work takes without a framework; a stand-in is never ranked.',
    groups,
    palette,
    panels: [
      {
        title: `time for ${orders} orders, s`,
        read: result => {
          const ms = metricValue(PRIMARY_METRIC, result);
          return Number.isFinite(ms) ? ms / 1000 : null;
        },
      },
      { title: 'app CPU per order, ms', read: result => cpuMsPerOrder(result, 'app') },
      { title: 'app memory, peak MiB', read: result => peakMebibytes(result, 'app') },
    ],
  });
  return [...(table ? [table] : []), ...(chart ? [chart] : [])];
}
