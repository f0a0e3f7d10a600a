import type { RunResult } from '../results/result.js';
import type { StoredComparison } from '../results/stored-comparison.js';
import type { Comparison } from './comparison.js';
import type { MedianInterval } from './median-interval.js';

/** A comparison as a point in time: what took part, and how long each contender took. */
export interface HistoryEntry {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Of this project, for a person: seven digits, `-dirty` where there were changes. Several where a run has another. */
  readonly commits: readonly string[];
  /** Versions that took part, the lowest first; none where nothing of the kind did. */
  readonly versions: Readonly<Record<'dapr' | 'spin' | 'node', readonly string[]>>;
  /** Valid orders of each run. */
  readonly orders: number;
  /** Equal for comparisons whose times may be held against each other: the same machine, and the same work. */
  readonly setting: string;
  readonly contenders: readonly HistoryFigure[];
}

/** What one contender took in one comparison. */
export interface HistoryFigure {
  readonly contender: string;
  /** Its name without what ran it: the same for all versions of a runtime. */
  readonly series: string;
  /** Runs behind it. */
  readonly runs: number;
  /** Time to drain; Infinity where most runs never ended. */
  readonly t100Ms: MedianInterval;
}

/** What a comparison says when it is held against earlier and later ones. Null where none of its runs counts. */
export function historyEntry({ record, results }: StoredComparison, comparison: Comparison): HistoryEntry | null {
  const counted = results.filter(({ status }) => status !== 'void');
  const [first] = counted;
  if (!first) return null;
  const ofRuntime = (kind: RunResult['runtime']['kind']) =>
    distinct(counted.flatMap(({ runtime }) => (runtime.kind === kind && runtime.version ? [runtime.version] : [])));
  return {
    id: record.id,
    startedAt: record.startedAt,
    commits: distinct(counted.map(({ environment }) => environment.gitCommit.replace(FULL_HASH, '$1'))),
    versions: {
      // As `1.18.3 (built)`: who built it is no version.
      dapr: distinct(counted.flatMap(({ environment }) => environment.versions.daprd?.split(' ')[0] ?? [])),
      spin: ofRuntime('spin'),
      node: ofRuntime('node'),
    },
    orders: record.plan.orders,
    setting: settingOf(first, record.plan.tuning),
    contenders: comparison.contenders.map(({ contender, runs, metrics }) => ({
      contender,
      series: contender.split('@')[0] ?? contender,
      runs,
      t100Ms: metrics.t100Ms,
    })),
  };
}

const FULL_HASH = /^([0-9a-f]{7})[0-9a-f]+/;

function settingOf({ target, environment, orders, settings }: RunResult, tuning: object): string {
  const { cpu, cores, memoryBytes } = environment;
  const gigabytes = Math.round(memoryBytes / 1e9);
  return JSON.stringify([target, cpu, cores, gigabytes, orders.count, settings.expressShare, settings.blobs, tuning]);
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
