import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../text/usage-error.js';

/** What a results folder holds: each plan of measurements in a folder of its own, `<kind>/<id>/`. */
export type PlanKind = 'single' | 'paced' | 'comparisons' | 'sweeps' | 'scale' | 'k6';

/** Where a plan keeps its files. */
export function planDir(resultsDir: string, kind: PlanKind, id: string): string {
  return join(resultsDir, kind, id);
}

/** Ids of the plans of one kind, in their order of time; none where there is no such folder. */
export async function planIds(resultsDir: string, kind: PlanKind): Promise<string[]> {
  const entries = await entriesIn(join(resultsDir, kind));
  return entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
}

/** The names of a folder's JSON files, in their order; none where there is no folder. */
export async function jsonFilesIn(dir: string): Promise<string[]> {
  const entries = await entriesIn(dir);
  return entries.filter(isJsonFile).map(({ name }) => name);
}

/**
 * @throws UsageError where there is no such folder, or a JSON file lies loose in it: left out in silence, it would change
 *   what the rest says.
 */
export async function mustBeResultsFolder(dir: string): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(dir, { withFileTypes: true });
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new UsageError(`there is no results folder ${dir}: measure first (make bench), or name another folder`, {
      cause,
    });
  }
  const loose = entries.find(isJsonFile);
  if (!loose) return;
  throw new UsageError(
    `${join(dir, loose.name)} belongs to no plan: move a result into ${planDir(dir, 'single', '<any name>')}, or anything else elsewhere`,
  );
}

function isJsonFile(entry: Dirent): boolean {
  return entry.isFile() && entry.name.endsWith('.json') && !entry.name.startsWith('.');
}

async function entriesIn(dir: string): Promise<Dirent[]> {
  try {
    return (await readdir(dir, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
