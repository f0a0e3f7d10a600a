import { type ScalingSummary, scalingSummary } from '../../figures/scaling-summary.js';
import type { StoredResult } from '../../results/read-results.js';
import type { RunResult } from '../../results/result.js';
import type { Sweep } from '../../results/stored-sweep.js';
import { fromText, scaleCharts } from '../charts/scale.js';
import { type Block, folded, paragraph, type Section, type Table } from '../document.js';
import { secondsToDrain, sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';
import { countCell, medianCell, numbers, texts } from '../table.js';

/** The newest series of `bench scale`: how KEDA scales contenders under one burst. Null where there is none. */
export function scaleSection(series: readonly Sweep[], palette: Palette): Section | null {
  const newest = series.at(-1);
  if (!newest) return null;
  const runs = newest.cells.flatMap(cell => cell.runs).filter(isScaled);
  const [first] = runs;
  if (!first) return null;
  const results = runs.map(({ result }) => result);
  const charts = [...new Set(results.map(fromOf))].flatMap((from): Block[] => {
    const own = results.filter(result => fromOf(result) === from);
    return scaleCharts({ from, contenders: newest.record.plan.contenders, runs: own }, palette);
  });
  return {
    id: 'scale',
    title: 'Scaling under the burst',
    blocks: [
      paragraph(conditions(first.result)),
      ...charts,
      folded('Scaling in numbers', table(newest, palette)),
      { kind: 'sources', results: sourcesOf([{ runs }]) },
    ],
  };
}

/** What scaled them, and that it was the same for all. */
function conditions({ target, settings, orders, scaling, environment }: RunResult): string {
  const { keda, scaledObject } = settings as { keda?: Keda; scaledObject?: ScaledObject };
  const nodes = `${settings.nodes ?? 1} node${settings.nodes === 1 ? '' : 's'} with ${environment.cores} cores`;
  const place = target === 'azure' ? 'on AKS' : `on a cluster of ${nodes}: one node, no benchmark of AKS`;
  const triggers = [...new Set((scaledObject?.triggers ?? []).map(({ type }) => type))].join(', ');
  return (
    `${orders.count} orders for one moment, ${place}. KEDA ${keda?.version} (${keda?.installedBy}) scales every contender by the same ScaledObject: ` +
    `trigger \`${triggers}\`, at most ${scaling?.most} pods a role, a look every ${scaledObject?.pollingInterval} s at no pods, and the same behaviour of the HorizontalPodAutoscaler, which looks every 15 s unless the cluster sets it otherwise. ` +
    'No process is warm. Pod-seconds are what the burst holds of the cluster: each pod from when it is made until the last order.'
  );
}

interface Keda {
  readonly version: string;
  readonly installedBy: string;
}

interface ScaledObject {
  readonly pollingInterval: number;
  readonly triggers: readonly { readonly type: string }[];
}

function table({ cells }: Sweep, palette: Palette): Table {
  return {
    kind: 'table',
    id: 'scale-table',
    caption:
      'How each contender was scaled: medians, and below each its 95 % interval (of fewer than 6 runs, the least and the most); a run without a new pod in time has no time of one',
    columns: [
      texts('contender'),
      texts('from'),
      numbers('runs'),
      numbers('first new pod ready after', 's'),
      numbers('orders written by then'),
      numbers('most pods a role'),
      numbers('these ready after', 's'),
      numbers('pod-seconds'),
      numbers('all written after', 's'),
      numbers('restarts'),
    ],
    rows: cells.map(({ contender, values, runs }) => {
      const summaries = runs.flatMap(({ result }) => (result.scaling ? [scalingSummary(result.scaling)] : []));
      const figure = (read: (summary: ScalingSummary) => number | null) => medianCell(summaries.map(read));
      return [
        { text: palette.label(contender) },
        { text: fromText(Number(values.from)) },
        countCell(runs.length),
        figure(({ firstNewMs }) => inSeconds(firstNewMs)),
        figure(({ writtenByFirstNew }) => writtenByFirstNew),
        figure(({ peakPods }) => peakPods),
        figure(({ peakMs }) => inSeconds(peakMs)),
        figure(({ podSeconds }) => podSeconds),
        medianCell(runs.map(({ result }) => secondsToDrain(result))),
        countCell(summaries.reduce((sum, { restarts }) => sum + restarts, 0)),
      ];
    }),
  };
}

function isScaled({ result }: StoredResult): boolean {
  return result.status === 'complete' && result.scaling !== undefined;
}

function fromOf({ scaling }: RunResult): number {
  return scaling?.from ?? 0;
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
