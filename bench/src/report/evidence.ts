import { STAND_IN } from '../contenders/runtime.js';
import { type Calibration, calibrationOf } from '../judge/calibration.js';
import type { Comparison } from '../judge/comparison.js';
import { comparisonOf, comparisonToReport } from '../judge/comparison.js';
import { type ComparisonRecord, comparesContenders } from '../results/comparison-file.js';
import { readK6Results, type StoredK6Result } from '../results/k6-result-file.js';
import { readResults, type StoredResult } from '../results/read-results.js';
import type { RunResult } from '../results/result.js';
import { readComparisonRecords } from '../results/stored-comparison.js';
import { readSweeps, type Sweep } from '../results/stored-sweep.js';
import { groupBy } from '../text/groups.js';
import { UsageError } from '../text/usage-error.js';

/** Everything in a results folder that a report can speak of, sorted by what it is evidence for. */
export interface Evidence {
  /** The bursts that the report is about. */
  readonly bursts: Bursts;
  /** Comparisons of contenders beside that one, the newest first. */
  readonly others: readonly Bursts[];
  /** The newest calibration. */
  readonly calibration: StoredCalibration | null;
  /** Floor and limit with the same workload that ran outside the comparison. */
  readonly references: readonly ContenderRuns[];
  /** Paced runs and runs from a cold start, void ones among them. */
  readonly paced: readonly StoredResult[];
  readonly cold: readonly StoredResult[];
  readonly sweeps: readonly Sweep[];
  /** Series of `bench scale`, the oldest first. */
  readonly scales: readonly Sweep[];
  /** On a cluster with stand-ins in it, beside a report of something else; void ones among them. */
  readonly kubernetes: readonly StoredResult[];
  /** Of the apps alone, under k6; void ones among them. */
  readonly edges: readonly StoredK6Result[];
}

/** Bursts that may be held against each other: one comparison's, or single runs with the same workload. */
export interface Bursts {
  readonly contenders: readonly ContenderRuns[];
  /** Null for single runs: they have medians, and no verdict. */
  readonly compared: Compared | null;
}

/** A comparison: what was planned, and what its runs say. */
export interface Compared {
  readonly record: ComparisonRecord;
  readonly comparison: Comparison;
}

/** One contender against itself. */
export interface StoredCalibration {
  readonly id: string;
  readonly figures: Calibration;
  /** Why nothing may be taken from it, where that is so. */
  readonly noClaim: string | null;
  readonly runs: readonly StoredResult[];
}

/** One contender's bursts. */
export interface ContenderRuns {
  readonly contender: string;
  readonly role: ContenderRole;
  /** The oldest first; incomplete ones among them, void ones not. */
  readonly runs: readonly StoredResult[];
  readonly voids: readonly StoredResult[];
}

/**
 * What a contender is there for: to be compared, in place of Spin (its figures are shown, and no headline ranks it), as the
 * floor for its language, or as the limit of the rig itself.
 */
export type ContenderRole = 'contender' | 'stand-in' | 'floor' | 'limit';

/**
 * Reads a results folder.
 *
 * @param comparisonId the comparison to report; where it is absent that of comparisonToReport, else the newest, and single
 *   runs where there is none.
 * @throws UsageError for an unknown comparison, a folder without results, and a file that is no result.
 */
export async function gatherEvidence(dir: string, comparisonId?: string): Promise<Evidence> {
  const all = await readResults(dir);
  const onCluster = all.filter(({ result }) => result.target === 'kubernetes');
  // A cluster of one node is no benchmark, and its runs are never mixed with others: they are the report only where they
  // were asked for, or are all there is.
  const isOfCluster =
    comparisonId === undefined
      ? onCluster.length === all.length
      : onCluster.some(({ result }) => result.comparison?.id === comparisonId);
  const runs = isOfCluster ? onCluster : all.filter(({ result }) => result.target !== 'kubernetes');
  const timed = runs.filter(({ result }) => result.mode === 'burst' && result.orders.malformed === 0);
  const records = await readComparisonRecords(dir);
  const comparisons = comparisonsIn(records, timed);
  const chosen =
    comparisonId === undefined
      ? (comparisonToReport(comparisons, ({ compared }) => compared?.comparison) ?? comparisons[0])
      : comparisons.find(({ compared }) => compared?.record.id === comparisonId);
  if (comparisonId !== undefined && !chosen) {
    const ids = comparisons.map(({ compared }) => compared?.record.id).join(', ');
    throw new UsageError(`no comparison '${comparisonId}' in ${dir}: there are ${ids || 'none (make compare)'}`);
  }
  const bursts = chosen ?? singleRuns(timed);
  const workload = bursts.contenders.flatMap(group => group.runs)[0]?.result;
  return {
    bursts,
    others: comparisons.filter(other => other !== bursts),
    calibration: newestCalibration(records, timed),
    references: workload ? referencesBeside(bursts, timed, workload) : [],
    paced: runs.filter(({ result }) => result.mode === 'paced'),
    cold: runs.filter(({ result }) => result.mode === 'cold'),
    sweeps: await readSweeps(dir),
    scales: await readSweeps(dir, 'scale'),
    kubernetes: isOfCluster ? [] : onCluster,
    edges: await readK6Results(dir),
  };
}

/**
 * A contender without Dapr shows what the rig itself can bear; one whose descriptor says so is the
 * floor for its language; what ran on the stand-in tells of no one but the stand-in. Of pods that come and go with the
 * burst no processes are told.
 */
export function roleOf({ processes, runtime, isFloor, scaling }: RunResult): ContenderRole {
  if (scaling === undefined && !processes.some(({ role }) => role === 'dapr')) return 'limit';
  if (runtime.kind === STAND_IN) return 'stand-in';
  return isFloor ? 'floor' : 'contender';
}

/** Every comparison of contenders with a run in it. */
function comparisonsIn(records: readonly ComparisonRecord[], runs: readonly StoredResult[]): Bursts[] {
  return records
    .filter(({ plan }) => comparesContenders(plan))
    .map(record => {
      const own = runs.filter(({ result }) => result.comparison?.id === record.id);
      const comparison = comparisonOf({ record, results: own.map(({ result }) => result) });
      return { contenders: contenderRuns(own), compared: { record, comparison } };
    })
    .filter(({ contenders }) => contenders.length > 0);
}

function newestCalibration(
  records: readonly ComparisonRecord[],
  runs: readonly StoredResult[],
): StoredCalibration | null {
  const record = records.find(({ plan }) => plan.calibration !== undefined);
  if (!record) return null;
  const own = runs.filter(({ result }) => result.comparison?.id === record.id);
  const stored = { record, results: own.map(({ result }) => result) };
  return { id: record.id, figures: calibrationOf(stored), noClaim: comparisonOf(stored).noClaim, runs: own };
}

/** Runs outside of comparisons that have the newest one's workload. */
function singleRuns(all: readonly StoredResult[]): Bursts {
  const runs = all.filter(({ result }) => !result.comparison);
  const newest = runs.at(-1);
  const alike = newest ? runs.filter(({ result }) => workloadOf(result) === workloadOf(newest.result)) : [];
  return { contenders: contenderRuns(alike), compared: null };
}

function referencesBeside(bursts: Bursts, runs: readonly StoredResult[], workload: RunResult): ContenderRuns[] {
  const there = new Set(bursts.contenders.map(({ contender }) => contender));
  const beside = runs.filter(
    ({ result }) =>
      !there.has(result.contender) &&
      ['floor', 'limit'].includes(roleOf(result)) &&
      workloadOf(result) === workloadOf(workload),
  );
  return contenderRuns(beside);
}

/** Runs by contender: those to be compared first, Spin before Node, then the stand-in and the references. */
export function contenderRuns(stored: readonly StoredResult[]): ContenderRuns[] {
  const order: readonly ContenderRole[] = ['contender', 'stand-in', 'floor', 'limit'];
  return [...groupBy(stored, ({ result }) => result.contender)]
    .map(
      ([contender, all]): ContenderRuns => ({
        contender,
        role: all[0] ? roleOf(all[0].result) : 'contender',
        runs: all.filter(({ result }) => result.status !== 'void'),
        voids: all.filter(({ result }) => result.status === 'void'),
      }),
    )
    .sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role) || runtimeOf(a).localeCompare(runtimeOf(b)) * -1);
}

function runtimeOf({ runs, voids }: ContenderRuns): string {
  return (runs[0] ?? voids[0])?.result.runtime.kind ?? '';
}

/** The waiting that was added to queue and blob operations, by its name. */
export function latencyName({ settings }: RunResult): string {
  return settings.latency?.name ?? 'none';
}

/** What must be equal for two bursts to stand side by side. */
function workloadOf(result: RunResult): string {
  const { orders, settings } = result;
  const { expressShare, payloadBytes, blobs } = settings;
  return JSON.stringify([orders.count, latencyName(result), expressShare, payloadBytes ?? null, blobs]);
}
