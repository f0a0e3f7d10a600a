import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STAND_IN } from '../contenders/runtime.js';
import { type Calibration, calibrationOf } from '../judge/calibration.js';
import type { Comparison } from '../judge/comparison.js';
import { comparisonOf } from '../judge/comparison.js';
import {
  COMPARISON_FORMAT,
  COMPARISONS_FOLDER,
  type ComparisonRecord,
  comparesContenders,
} from '../results/comparison-file.js';
import { readK6Results, type StoredK6Result } from '../results/k6-result-file.js';
import { readResults, type StoredResult } from '../results/read-results.js';
import type { RunResult } from '../results/result.js';
import { SWEEP_FORMAT, type SweepRecord } from '../results/sweep-file.js';
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

/** A sweep with the results of its cells. */
export interface Sweep {
  readonly record: SweepRecord;
  readonly cells: readonly SweepCellRuns[];
}

/** One combination of a sweep. */
export interface SweepCellRuns {
  readonly contender: string;
  readonly values: SweepRecord['cells'][number]['values'];
  readonly runs: readonly StoredResult[];
}

/**
 * Reads a results folder.
 *
 * @param comparisonId the comparison to report; the newest where it is absent, and single runs where there is none.
 * @throws UsageError for an unknown comparison, a folder without results, and a file that is no result.
 */
export async function gatherEvidence(dir: string, comparisonId?: string): Promise<Evidence> {
  const stored = await readResults(dir, { sweeps: true });
  const runs = stored.filter(({ file }) => !file.startsWith('sweeps/'));
  const timed = runs.filter(({ result }) => result.mode === 'burst' && result.orders.malformed === 0);
  const records = await readRecords(dir);
  const comparisons = comparisonsIn(records, timed);
  const chosen =
    comparisonId === undefined
      ? comparisons[0]
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
    sweeps: await readSweeps(dir, stored),
    edges: await readK6Results(dir),
  };
}

/**
 * A contender without Dapr shows what the rig itself can bear; one whose settings say that it uses no framework is the
 * floor for its language; what ran on the stand-in tells of no one but the stand-in.
 */
export function roleOf({ processes, runtime, settings }: RunResult): ContenderRole {
  if (!processes.some(({ role }) => role === 'dapr')) return 'limit';
  if (runtime.kind === STAND_IN) return 'stand-in';
  return settings.framework === 'none' ? 'floor' : 'contender';
}

/** The files of all comparisons, the newest first. */
async function readRecords(dir: string): Promise<ComparisonRecord[]> {
  const folder = join(dir, COMPARISONS_FOLDER);
  const files = (await namesIn(folder)).filter(({ name }) => name.endsWith('.json') && !name.startsWith('.'));
  const records = await Promise.all(
    files.map(async ({ name }) =>
      COMPARISON_FORMAT.parse(await readFile(join(folder, name), 'utf8'), join(folder, name)),
    ),
  );
  return records.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
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
  const { latency } = settings;
  return typeof latency === 'object' && latency !== null && 'name' in latency ? String(latency.name) : 'none';
}

/** What must be equal for two bursts to stand side by side. */
function workloadOf(result: RunResult): string {
  const { orders, settings } = result;
  const { expressShare, payloadBytes, blobs } = settings;
  return JSON.stringify([orders.count, latencyName(result), expressShare, payloadBytes ?? null, blobs]);
}

async function readSweeps(dir: string, stored: readonly StoredResult[]): Promise<Sweep[]> {
  const byFile = new Map(stored.map(run => [run.file, run]));
  const sweeps: Sweep[] = [];
  for (const { name: id } of (await namesIn(join(dir, 'sweeps'))).filter(entry => entry.isDirectory())) {
    const path = join(dir, 'sweeps', id, 'sweep.json');
    const record = SWEEP_FORMAT.parse(await readFile(path, 'utf8'), path);
    const cells = record.cells.map(({ contender, values, resultFiles }) => ({
      contender,
      values,
      runs: resultFiles.map(file => byFile.get(`sweeps/${id}/${file}`)).filter(run => run !== undefined),
    }));
    sweeps.push({ record, cells });
  }
  return sweeps.sort((a, b) => a.record.startedAt.localeCompare(b.record.startedAt));
}

/** A folder's entries; none where there is no such folder. */
async function namesIn(dir: string): Promise<Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
