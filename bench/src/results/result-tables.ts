import type { StoredResult } from './read-results.js';
import { HOP, isCorrect, PROCESS, type ProcessFigures, ROLES, type RunResult, VOID_RUN } from './result.js';

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

type Row = Readonly<Record<string, Cell>>;

const KEY = ['file', 'id', 'startedAt', 'contender'] as const;
/** The fields of a run, in the order of the columns; what is in each says the shape. */
const FIELDS = [
  ...([
    'target',
    'isFloor',
    'mode',
    'status',
    'reason',
    'runtime',
    'comparison',
    'orders',
    'schedule',
    'drain',
  ] as const),
  ...(['latency', 'timing', 'correctness', 'machine', 'environment', 'settings'] as const),
] as const;
/** All of a run's latencies in a text for programs. */
const HISTOGRAM = 'latency.histogram';
/** A void run has every field that a run can have. */
const RUN = FIELDS.flatMap(field => leaves(field, VOID_RUN.entries[field])).filter(path => path !== HISTOGRAM);
const SUMMED = ['cpuMs', 'cpuMsPerThousandOrders', 'peakMemoryBytes'] as const;

const COLUMNS: Readonly<Record<TableName, readonly string[]>> = {
  runs: [...KEY, ...RUN, 'correct', ...ROLES.flatMap(role => SUMMED.map(figure => `${role}.${figure}`))],
  processes: [...KEY, ...leaves('process', PROCESS)],
  hops: [...KEY, 'hop.position', ...leaves('hop', HOP)],
  curve: [...KEY, 'curve.atMs', 'curve.ordersWritten'],
};

const ROWS: Readonly<Record<TableName, (stored: StoredResult) => readonly Row[]>> = {
  runs: ({ result }) => [
    {
      correct: isCorrect(result),
      ...Object.fromEntries(RUN.map(path => [path, cellAt(result, path)])),
      ...Object.fromEntries(ROLES.flatMap(role => sums(result.processes, role))),
    },
  ],
  processes: ({ result }) => result.processes.map(process => prefixed('process', { ...process })),
  hops: ({ result }) => result.hops.map((hop, index) => prefixed('hop', { position: index + 1, ...hop })),
  curve: ({ result }) =>
    result.curve.map(([atMs, ordersWritten]) => ({ 'curve.atMs': atMs, 'curve.ordersWritten': ordersWritten })),
};

/** The fields of a shape by their paths, lists aside; what may hold anything is one of them. */
function leaves(path: string, shape: object): string[] {
  if ('wrapped' in shape && typeof shape.wrapped === 'object' && shape.wrapped) return leaves(path, shape.wrapped);
  if ('item' in shape) return [];
  if (!('entries' in shape) || ('type' in shape && shape.type === 'loose_object')) return [path];
  return Object.entries(shape.entries ?? {}).flatMap(([name, inner]) => leaves(`${path}.${name}`, inner));
}

/** What a run has under a path; as JSON where that may be anything. */
function cellAt(result: RunResult, path: string): Cell {
  let value: unknown = result;
  for (const name of path.split('.')) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : ((value ?? null) as Cell);
}

function keyOf({ file, result: { id, startedAt, contender } }: StoredResult): Row {
  return { file, id, startedAt, contender };
}

/** The figures of all processes of a role; a run without such a process has none. */
function sums(processes: readonly ProcessFigures[], role: string): [string, Cell][] {
  const own = processes.filter(process => process.role === role);
  if (own.length === 0) return [];
  return SUMMED.map(figure => [`${role}.${figure}`, own.reduce((total, process) => total + process[figure], 0)]);
}

function prefixed(path: string, cells: Row): Row {
  return Object.fromEntries(Object.entries(cells).map(([name, cell]) => [`${path}.${name}`, cell]));
}
