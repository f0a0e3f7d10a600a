import type { StoredResult } from './read-results.js';
import { type CompleteRun, isCorrect, isTimed, type ProcessFigures, ROLES, type RunResult } from './result.js';

/** The flat tables that results can be read as; `runs` has one row a run, the others one row an entry of its lists. */
export const TABLE_NAMES = ['runs', 'processes', 'hops', 'curve'] as const;

/** One of the flat tables. */
export type TableName = (typeof TABLE_NAMES)[number];

/** A table's columns in their order, and its rows; a cell is null where a run has no such figure. */
export interface ResultTable {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

/** What a cell holds. */
export type Cell = string | number | boolean | null;

/**
 * Results as a flat table. A column is named as its field in the result file, with its path (`drain.t50Ms`), so that
 * the field guide in results/README.md holds for both; what is not a field (`correct`, and sums over a role's processes
 * such as `app.cpuMs`) is explained there too.
 */
export function resultTable(name: TableName, results: readonly StoredResult[]): ResultTable {
  const columns = COLUMNS[name];
  const rows = results.flatMap(stored => ROWS[name](stored).map(row => ({ ...keyOf(stored), ...row })));
  return {
    columns,
    rows: rows.map(row => Object.fromEntries(columns.map(column => [column, row[column] ?? null]))),
  };
}

type Row = Readonly<Record<string, Cell | undefined>>;

const KEY = ['file', 'id', 'startedAt', 'contender'];
const PROCESS_FIGURES = [
  'cpuMs',
  'cpuMsPerThousandOrders',
  'userCpuMs',
  'systemCpuMs',
  'voluntaryContextSwitches',
  'involuntaryContextSwitches',
  'peakMemoryBytes',
  'memorySource',
  'restarts',
] as const;
const HOP_FIGURES = ['title', 'source', 'orders', 'meanMs', 'p50Ms', 'p99Ms', 'handlerMs'] as const;
const PERCENTILES = ['p50Ms', 'p90Ms', 'p99Ms', 'p999Ms', 'maxMs'];
const CORRECTNESS = [
  'written',
  'missing',
  'unexpected',
  'misrouted',
  'corrupt',
  'goodDeadLettered',
  'malformedDeadLettered',
  'duplicateWrites',
  'redeliveries',
];

const COLUMNS: Readonly<Record<TableName, readonly string[]>> = {
  runs: [
    ...KEY,
    ...['target', 'isFloor', 'mode', 'status', 'reason', 'correct'],
    ...under('runtime', ['name', 'kind', 'version']),
    ...under('comparison', ['id', 'seed', 'block', 'position', 'attempt']),
    ...under('orders', ['count', 'seed', 'express', 'standard', 'malformed']),
    ...under('schedule', ['scheduledEnqueueTime', 'durationMs', 'leadMs', 'readyMs']),
    ...under('drain', ['t50Ms', 't95Ms', 't99Ms', 't100Ms']),
    ...under('drain', ['steadyOrdersPerSecond', 'ordersPerSecond', 'lateOverEarlyRate']),
    ...under('latency', ['ratePerSecond', 'shareOfSteadyRate', ...PERCENTILES]),
    ...under('timing', ['resolution', 'clockStepMs', 'queueClockOffsetMs', 'blobClockOffsetMs', 'firstEnqueuedMs']),
    ...under('correctness', CORRECTNESS),
    ...ROLES.flatMap(role => under(role, ['cpuMs', 'cpuMsPerThousandOrders', 'peakMemoryBytes'])),
    ...under('machine', ['busyShare', 'ownShare', 'throttledMs', 'samplerCpuMs']),
    ...under('environment', ['cpu', 'cores', 'memoryBytes', 'os', 'kernel', 'gitCommit']),
    ...under('environment', ['loadAverageBefore', 'busyShareBefore', 'versions']),
    'settings',
  ],
  processes: [...KEY, ...under('process', ['name', 'role', ...PROCESS_FIGURES])],
  hops: [...KEY, ...under('hop', ['position', 'id', ...HOP_FIGURES])],
  curve: [...KEY, ...under('curve', ['atMs', 'ordersWritten'])],
};

const ROWS: Readonly<Record<TableName, (stored: StoredResult) => readonly Row[]>> = {
  runs: ({ result }) => [runRow(result)],
  processes: ({ result }) => result.processes.map(process => prefixed('process', { ...process })),
  hops: ({ result }) => result.hops.map((hop, index) => prefixed('hop', { position: index + 1, ...hop })),
  curve: ({ result }) =>
    result.curve.map(([atMs, ordersWritten]) => ({ 'curve.atMs': atMs, 'curve.ordersWritten': ordersWritten })),
};

function keyOf({ file, result: { id, startedAt, contender } }: StoredResult): Row {
  return { file, id, startedAt, contender };
}

function runRow(result: RunResult): Row {
  const { target, isFloor, mode, status, orders, processes, environment } = result;
  const { versions, ...machine } = environment;
  return {
    target,
    isFloor,
    mode,
    status,
    reason: result.status === 'complete' ? null : result.reason,
    correct: isCorrect(result),
    ...prefixed('runtime', { ...result.runtime }),
    ...prefixed('comparison', { ...result.comparison }),
    ...prefixed('orders', { ...orders }),
    ...prefixed('schedule', { ...result.schedule }),
    ...(isTimed(result) ? prefixed('drain', { ...result.drain }) : {}),
    ...(isTimed(result) ? prefixed('latency', latencyCells(result.latency)) : {}),
    ...prefixed('timing', timingCells(result.timing)),
    ...prefixed('correctness', { ...result.correctness }),
    ...Object.assign({}, ...ROLES.map(role => prefixed(role, sums(processes, role)))),
    ...prefixed('machine', { ...result.machine }),
    ...prefixed('environment', { ...machine, versions: JSON.stringify(versions) }),
    settings: JSON.stringify(result.settings),
  };
}

/** Each clock's offset as a cell of its own; absent where the target has no clock but this machine's. */
function timingCells({ clockOffsets, ...cells }: RunResult['timing']): Row {
  if (!clockOffsets) return cells;
  const { queue, blobs } = clockOffsets;
  return { ...cells, queueClockOffsetMs: queue?.offsetMs ?? null, blobClockOffsetMs: blobs?.offsetMs ?? null };
}

/** All but the lists: those are for charts, and the histogram for programs. */
function latencyCells(latency: CompleteRun['latency']): Row {
  if (!latency) return {};
  const { percentiles, histogram, ...cells } = latency;
  return cells;
}

/** The figures of all processes of a role; a run without such a process has none. */
function sums(processes: readonly ProcessFigures[], role: string): Row {
  const own = processes.filter(process => process.role === role);
  if (own.length === 0) return {};
  const sum = (figure: 'cpuMs' | 'cpuMsPerThousandOrders' | 'peakMemoryBytes') =>
    own.reduce((total, process) => total + process[figure], 0);
  return {
    cpuMs: sum('cpuMs'),
    cpuMsPerThousandOrders: sum('cpuMsPerThousandOrders'),
    peakMemoryBytes: sum('peakMemoryBytes'),
  };
}

function under(path: string, names: readonly string[]): string[] {
  return names.map(name => `${path}.${name}`);
}

function prefixed(path: string, cells: Row): Row {
  return Object.fromEntries(Object.entries(cells).map(([name, cell]) => [`${path}.${name}`, cell]));
}
