import { comparisonOf, comparisonToReport } from '../judge/comparison.js';
import { type ComparisonRecord, comparesContenders } from '../results/comparison-file.js';
import { NEWEST, readComparison, readComparisonRecords, type StoredComparison } from '../results/stored-comparison.js';
import { UsageError } from '../text/usage-error.js';
import { foldersToRead, placeText } from './results-folder.js';

/** A stored comparison, where it is, and the others that could have been meant. */
export interface FoundComparison {
  readonly stored: StoredComparison;
  readonly dir: string;
  /** Ids with their folder, the newest of a folder first. */
  readonly others: readonly string[];
}

interface Candidate {
  readonly record: ComparisonRecord;
  readonly dir: string;
}

/**
 * A comparison of any kind by its id, or `newest`.
 *
 * @throws UsageError naming those there are.
 */
export async function findComparison(dir: string, id: string): Promise<FoundComparison> {
  const candidates = await candidatesIn(dir, () => true);
  const wanted = candidates.find(({ record }) => id === NEWEST || record.id === id);
  if (!wanted) throw new UsageError(missingText(candidates, { id, dir }));
  return found(await read(wanted), wanted, candidates);
}

/**
 * A comparison of contenders: that of the id; without one that of comparisonToReport in the first folder that has one, else the
 * newest.
 *
 * @throws UsageError naming those there are.
 */
export async function findContendersComparison(dir: string, id?: string): Promise<FoundComparison> {
  const candidates = await contendersCandidates(dir);
  const wanted = id === undefined ? candidates : candidates.filter(({ record }) => record.id === id);
  const [newest] = wanted;
  if (!newest) throw new UsageError(missingText(candidates, { id: id ?? NEWEST, dir }));
  for (const folder of id === undefined ? foldersToRead(dir) : []) {
    const own = wanted.filter(candidate => candidate.dir === folder);
    const stored = await Promise.all(own.map(async candidate => ({ candidate, comparison: await read(candidate) })));
    const toReport = comparisonToReport(stored, ({ comparison }) => comparisonOf(comparison));
    if (toReport) return found(toReport.comparison, toReport.candidate, candidates);
  }
  return found(await read(newest), newest, candidates);
}

/** Every comparison of contenders, in whatever folder it stands. */
export async function contendersComparisons(dir: string): Promise<StoredComparison[]> {
  return Promise.all((await contendersCandidates(dir)).map(read));
}

function contendersCandidates(dir: string): Promise<Candidate[]> {
  return candidatesIn(dir, ({ plan }) => comparesContenders(plan));
}

async function candidatesIn(dir: string, isWanted: (record: ComparisonRecord) => boolean): Promise<Candidate[]> {
  const perFolder = await Promise.all(
    foldersToRead(dir).map(async folder =>
      (await readComparisonRecords(folder)).filter(isWanted).map(record => ({ record, dir: folder })),
    ),
  );
  return perFolder.flat();
}

async function read({ record, dir }: Candidate): Promise<StoredComparison> {
  const stored = await readComparison(dir, record.id);
  if (!stored) throw new UsageError(`comparison ${record.id} has just gone from ${placeText(dir)}`);
  return stored;
}

function found(stored: StoredComparison, { dir, record }: Candidate, all: readonly Candidate[]): FoundComparison {
  return { stored, dir, others: all.filter(other => other.record.id !== record.id).map(title) };
}

function missingText(candidates: readonly Candidate[], { id, dir }: { id: string; dir: string }): string {
  const places = foldersToRead(dir).map(placeText).join(' or ');
  const which = id === NEWEST ? 'no comparison' : `no comparison '${id}'`;
  const there = candidates.length === 0 ? 'none (make compare measures one)' : candidates.map(title).join(', ');
  return `there is ${which} in ${places}: there are ${there}`;
}

function title({ record, dir }: Candidate): string {
  return `${record.id} (${placeText(dir)})`;
}
