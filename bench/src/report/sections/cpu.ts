import { cpuMsPerOrder, ROLES } from '../../results/result.js';
import { percent, plain } from '../../text/format.js';
import { stackedChart } from '../charts/stacked.js';
import { paragraph, type Section, type Table } from '../document.js';
import type { ContenderRuns } from '../evidence.js';
import { medianOf, numberCell, peakMebibytes, ROLE_TITLES, sourcesOf } from '../figures.js';
import type { Palette } from '../palette.js';

/** CPU an order by role. */
export function cpuSection(all: readonly ContenderRuns[], palette: Palette): Section {
  const groups = all.filter(({ runs }) => runs.length > 0);
  const chart = stackedChart({
    id: 'cpu-by-role',
    title: appFinding(groups, result => cpuMsPerOrder(result, 'app'), { unit: 'ms', what: 'app CPU an order' }),
    description:
      'CPU milliseconds an order by role, medians over runs: the app in its contender’s colour, then Dapr, the rig’s broker and blob server, and measuring. Behind each bar: the app’s part of the sum.',
    axis: 'CPU ms an order',
    groups,
    palette,
    roles: ROLES,
    read: cpuMsPerOrder,
  });
  if (!chart)
    return { id: 'cpu', title: 'CPU by role', blocks: [paragraph('There are no runs to take CPU from yet.')] };
  return {
    id: 'cpu',
    title: 'CPU by role',
    blocks: [chart, cpuTable(groups), { kind: 'sources', results: sourcesOf(groups) }],
  };
}

/** Peak memory by role. */
export function memorySection(all: readonly ContenderRuns[], palette: Palette): Section {
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
  return {
    id: 'memory',
    title: 'Memory',
    blocks: chart
      ? [chart, { kind: 'sources', results: sourcesOf(groups) }]
      : [paragraph('There are no runs to take memory from yet.')],
  };
}

function cpuTable(groups: readonly ContenderRuns[]): Table {
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
      'CPU ms an order by role; of the app the share in the kernel, and how often it waited or was interrupted; of the machine how busy it was, and the sampler’s share of the run’s CPU (medians)',
    columns: [
      { title: 'contender' },
      ...ROLES.map(role => ({ title: ROLE_TITLES[role].replace(/ \(.*/, ''), unit: 'ms', isNumber: true as const })),
      { title: 'in the kernel', isNumber: true },
      { title: 'waits', unit: 'an order', isNumber: true },
      { title: 'interrupted', unit: 'an order', isNumber: true },
      { title: 'cores busy', isNumber: true },
      { title: 'sampler', isNumber: true },
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
        { text: group.contender },
        ...ROLES.map(role => numberCell(medianOf(group.runs, result => cpuMsPerOrder(result, role)))),
        shareCell(kernel),
        numberCell(waits(group)),
        numberCell(takes(group)),
        shareCell(medianOf(group.runs, ({ machine }) => machine.busyShare)),
        shareCell(sampler),
      ];
    }),
  };
}

function shareCell(share: number | null) {
  return share === null || Number.isNaN(share) ? { text: '–', value: null } : { text: percent(share), value: share };
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
  if (least === most) return `${least.contender} takes ${plain(least.value)} ${unit} of ${what}`;
  return `${least.contender} takes ${plain(least.value)} ${unit} of ${what}, ${most.contender} ${plain(most.value)} ${unit}`;
}
