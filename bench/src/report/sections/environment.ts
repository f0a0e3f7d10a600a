import type { StoredResult } from '../../results/read-results.js';
import type { RunResult } from '../../results/result.js';
import { plain } from '../../text/format.js';
import { folded, type Missing, type Section, type Table } from '../document.js';
import type { ContenderRuns } from '../evidence.js';
import type { Palette } from '../palette.js';
import { texts } from '../table.js';

/** What the stand-in says of itself at length; it stands in the result files. */
const NOT_LISTED = new Set(['standIn']);

/** Machine, versions and settings, read out of the runs. */
export function environmentSection(all: readonly ContenderRuns[], palette: Palette): Section | Missing {
  const groups = all.filter(({ runs }) => runs.length > 0);
  if (groups.length === 0) return { missing: 'machine and settings: they are read out of runs (`make bench`)' };
  return {
    id: 'environment',
    title: 'Environment and settings',
    blocks: [
      folded('Machine and versions', machineTable(groups.flatMap(({ runs }) => runs))),
      folded('Settings', ...settingsTables(groups, palette)),
    ],
  };
}

function machineTable(runs: readonly StoredResult[]): Table {
  const rows: [string, (result: RunResult) => string | undefined][] = [
    ['CPU', ({ environment }) => `${environment.cpu}, ${environment.cores} cores`],
    ['memory', ({ environment }) => `${plain(environment.memoryBytes / 2 ** 30)} GiB`],
    ['system', ({ environment }) => `${environment.os}, kernel ${environment.kernel}`],
    ['commit', ({ environment }) => environment.gitCommit],
    ...[...new Set(runs.flatMap(({ result }) => Object.keys(result.environment.versions)))].map(
      (name): [string, (result: RunResult) => string | undefined] => [
        name,
        ({ environment }) => environment.versions[name],
      ],
    ),
    [
      'write times',
      ({ timing, target }) => `${timing.resolution} (${target === 'azure' ? 'ETags' : 'recorded by the blob server'})`,
    ],
    ['started', ({ startedAt }) => startedAt.slice(0, 10)],
  ];
  return {
    kind: 'table',
    id: 'machine',
    caption: 'What the runs were measured on; several values mean that the runs differ in it',
    columns: [texts('what'), texts('value')],
    rows: rows.map(([what, read]) => [{ text: what }, { text: distinct(runs.map(({ result }) => read(result))) }]),
  };
}

/** What is the same for all, then what is not. */
function settingsTables(groups: readonly ContenderRuns[], palette: Palette): Table[] {
  const settings = groups.map(({ contender, runs }) => ({
    contender,
    values: runs.map(({ result }) => new Map(flat(listedSettings(result.settings)))),
  }));
  const names = [...new Set(settings.flatMap(({ values }) => values.flatMap(value => [...value.keys()])))].sort();
  const rows = names.map(name => ({
    name,
    values: settings.map(({ values }) => distinct(values.map(value => value.get(name)))),
  }));
  const isCommon = ({ values }: (typeof rows)[number]) => new Set(values).size === 1;
  return [
    {
      kind: 'table',
      id: 'common-settings',
      caption: 'Settings that are the same for every contender',
      columns: [texts('setting'), texts('value')],
      rows: rows.filter(isCommon).map(({ name, values }) => [{ text: name }, { text: values[0] ?? '' }]),
    },
    {
      kind: 'table',
      id: 'settings',
      caption: 'Settings in which the contenders differ',
      columns: [texts('setting'), ...settings.map(({ contender }) => texts(palette.label(contender)))],
      rows: rows
        .filter(row => !isCommon(row))
        .map(({ name, values }) => [{ text: name }, ...values.map(text => ({ text }))]),
    },
  ];
}

function listedSettings(settings: RunResult['settings']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !NOT_LISTED.has(name)));
}

function flat(value: unknown, path = ''): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path, String(value ?? '–')]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`));
}

function distinct(values: readonly (string | undefined)[]): string {
  return [...new Set(values.filter(value => value !== undefined))].join('; ') || '–';
}
