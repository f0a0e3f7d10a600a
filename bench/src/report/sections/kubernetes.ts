import type { StoredResult } from '../../results/read-results.js';
import { cpuMsPerOrder, type RunResult } from '../../results/result.js';
import { groupBy } from '../../text/groups.js';
import { paragraph, type Section } from '../document.js';
import { COUNTED_ROLES, drainOf, medianOf, peakMebibytes, sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { countCell, numberCell, numbers, texts } from '../table.js';

/** Bursts on a cluster with broker and blob server inside it: that it runs there, and what it takes. Null where there is none. */
export function kubernetesSection(stored: readonly StoredResult[], palette: Palette): Section | null {
  const runs = stored.filter(({ result }) => result.mode === 'burst' && result.status === 'complete');
  if (runs.length === 0) return null;
  return {
    id: 'kubernetes',
    title: 'On a Kubernetes cluster',
    blocks: [
      paragraph(
        `${placeOf(runs.map(({ result }) => result))}: one node, no benchmark of AKS. Pods, daprds, broker and blob server share its cores; the rows may be held against each other, and against nothing else.`,
      ),
      {
        kind: 'table',
        id: 'kubernetes-table',
        caption: 'Bursts of what deploy/chart installs, medians',
        columns: [
          texts('contender'),
          numbers('orders'),
          numbers('runs'),
          numbers('pods per role'),
          numbers('all written after', 's'),
          numbers('steady rate', 'orders/s'),
          numbers('app CPU per order', 'ms'),
          numbers('all CPU per order', 'ms'),
          numbers('app memory', 'MiB'),
        ],
        rows: [...groupBy(runs, groupOf).values()].map(own => [
          { text: palette.label(own[0]?.result.contender ?? '') },
          numberCell(own[0]?.result.orders.count ?? null),
          countCell(own.length),
          numberCell(own[0]?.result.settings.replicasPerRole ?? null),
          numberCell(medianOf(own, result => seconds(drainOf(result)?.t100Ms))),
          numberCell(medianOf(own, result => drainOf(result)?.steadyOrdersPerSecond)),
          numberCell(medianOf(own, result => cpuMsPerOrder(result, 'app'))),
          numberCell(medianOf(own, allCpuMsPerOrder)),
          numberCell(medianOf(own, result => peakMebibytes(result, 'app'))),
        ]),
      },
      { kind: 'sources', results: sourcesOf([{ runs }]) },
    ],
  };
}

/** What runs must have in common to stand in one row. */
function groupOf({ result: { contender, orders, settings } }: StoredResult): string {
  return [contender, orders.count, settings.replicasPerRole].join(' ');
}

/** The cluster in words: its nodes, its cores, its Kubernetes. */
function placeOf(results: readonly RunResult[]): string {
  const places = results.map(({ settings, environment: { cores, versions } }) => {
    const nodes = settings.nodes === undefined || settings.nodes === 1 ? 'One node' : `${settings.nodes} nodes`;
    return `${nodes} with ${cores} cores, Kubernetes ${versions.kubelet ?? 'of an unknown version'}`;
  });
  return [...new Set(places)].join('; ');
}

function allCpuMsPerOrder(result: RunResult): number {
  return COUNTED_ROLES.reduce((sum, role) => sum + cpuMsPerOrder(result, role), 0);
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000;
}
