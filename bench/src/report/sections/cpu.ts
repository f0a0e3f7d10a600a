import { cpuMsPerOrder, ROLES } from '../../results/result.js';
import { plain } from '../../text/format.js';
import { stackedChart } from '../charts/stacked.js';
import { folded, type Missing, type Section, type Table } from '../document.js';
import type { ContenderRuns } from '../evidence.js';
import {
  COUNTED_ROLES,
  isOneRun,
  lateOverEarlyRate,
  medianOf,
  peakMebibytes,
  ROLE_TITLES,
  sourcesOf,
} from '../figures.js';
import type { Palette } from '../palette.js';
import { numberCell, numbers, shareCell, texts } from '../table.js';

/** CPU per order by role. */
export function cpuSection(all: readonly ContenderRuns[], palette: Palette): Section | Missing {
  const groups = all.filter(({ runs }) => runs.length > 0);
  const chart = stackedChart({
    id: 'cpu-by-role',
    title: appFinding(groups, result => cpuMsPerOrder(result, 'app'), { unit: 'ms', what: 'app CPU per order' }),
    description:
      'CPU milliseconds per order by role, medians over runs: the app in its contender’s colour, then Dapr, and the rig’s broker and blob server. Behind each bar: the app’s part of the sum, which is “all CPU” everywhere; what measuring takes is no part of it.',
    axis: 'CPU ms per order',
    groups,
    palette,
    roles: COUNTED_ROLES,
    read: cpuMsPerOrder,
  });
  if (!chart) return { missing: 'CPU by role: `make bench`' };
  return {
    id: 'cpu',
    title: 'CPU by role',
    blocks: [
      chart,
      folded('CPU in numbers, and how busy the machine was', cpuTable(groups, palette)),
      { kind: 'sources', results: sourcesOf(groups) },
    ],
  };
}

/** Peak memory by role. */
export function memorySection(all: readonly ContenderRuns[], palette: Palette): Section | Missing {
  const groups = all.filter(({ runs }) => runs.length > 0);
  const chart = stackedChart({
    id: 'memory',
    title: appFinding(groups, result => peakMebibytes(result, 'app'), { unit: 'MiB', what: 'app memory at its peak' }),
    description:
      'Peak memory by role in MiB, medians over runs. Each is the sum of its processes’ own peaks during the drain, pages that processes share counted once; where only pods are known (`cgroup` in a result), since their start, page cache included. Behind each bar: the app’s part of the sum.',
    axis: 'peak MiB',
    groups,
    palette,
    roles: ['app', 'dapr', 'rig'],
    read: peakMebibytes,
  });
  if (!chart) return { missing: 'memory by role: `make bench`' };
  return { id: 'memory', title: 'Memory', blocks: [chart, { kind: 'sources', results: sourcesOf(groups) }] };
}

function cpuTable(groups: readonly ContenderRuns[], palette: Palette): Table {
  const switches = (key: 'voluntaryContextSwitches' | 'involuntaryContextSwitches') => (group: ContenderRuns) =>
    medianOf(group.runs, ({ processes, orders }) => {
      const counts = processes.filter(({ role }) => role === 'app').map(process => process[key]);
      return counts.some(count => count === null)
        ? null
        : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0) / orders.count;
    });
  const [waits, takes] = [switches('voluntaryContextSwitches'), switches('involuntaryContextSwitches')];
  return {
    kind: 'table',
    id: 'cpu-table',
    caption:
      'CPU ms per order by role; of the app the share in the kernel, and how often it waited or was interrupted; of the machine how busy it was, and the sampler’s share of the run’s CPU; and the rate between 70 and 90 % written over that between 10 and 30 %, which is 1 for an app that is warm (medians)',
    columns: [
      texts('contender'),
      ...ROLES.map(role => numbers(ROLE_TITLES[role].replace(/ \(.*/, ''), 'ms')),
      numbers('in the kernel'),
      numbers('waits', 'per order'),
      numbers('interrupted', 'per order'),
      numbers('cores busy'),
      numbers('sampler'),
      numbers('late over early rate'),
    ],
    rows: groups.map(group => {
      const kernel = medianOf(group.runs, ({ processes }) => {
        const app = processes.filter(({ role }) => role === 'app');
        return sum(app.map(({ systemCpuMs }) => systemCpuMs)) / sum(app.map(({ cpuMs }) => cpuMs));
      });
      const sampler = medianOf(
        group.runs,
        ({ machine, processes }) => machine.samplerCpuMs / sum(processes.map(({ cpuMs }) => cpuMs)),
      );
      return [
        { text: palette.label(group.contender) },
        ...ROLES.map(role => numberCell(medianOf(group.runs, result => cpuMsPerOrder(result, role)))),
        shareCell(kernel),
        numberCell(waits(group)),
        numberCell(takes(group)),
        shareCell(medianOf(group.runs, ({ machine }) => machine.busyShare)),
        shareCell(sampler),
        numberCell(lateOverEarlyRate(group.runs)),
      ];
    }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function appFinding(
  groups: readonly ContenderRuns[],
  read: Parameters<typeof medianOf>[1],
  { unit, what }: { unit: string; what: string },
): string {
  const sorted = groups
    .filter(({ role }) => role === 'contender')
    .map(({ contender, runs }) => ({ contender, value: medianOf(runs, read) ?? 0 }))
    .toSorted((a, b) => a.value - b.value);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (!least || !most) return `The references’ ${what}`;
  if (groups.some(isOneRun)) return `${what.charAt(0).toUpperCase()}${what.slice(1)}, one run of a contender`;
  if (least === most) return `${least.contender} takes ${plain(least.value)} ${unit} of ${what}`;
  return `${least.contender} takes ${plain(least.value)} ${unit} of ${what}, ${most.contender} ${plain(most.value)} ${unit}`;
}
