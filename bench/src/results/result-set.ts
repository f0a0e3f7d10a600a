import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../text/usage-error.js';

/** The result and comparison files of one place. */
export interface ResultSet {
  /** Where they are, for messages. */
  readonly place: string;
  /** Paths below the results folder, with `/`. */
  readonly files: readonly string[];
  readonly read: (file: string) => Promise<string>;
}

/**
 * The files of a results folder.
 *
 * @throws UsageError when there is no such folder.
 */
export async function folderSet(dir: string): Promise<ResultSet> {
  const files = await jsonFiles(dir);
  if (!files) throw new UsageError(`there is no results folder ${dir}: measure first, or name another folder`);
  const comparisons = (await jsonFiles(join(dir, 'comparisons'))) ?? [];
  return {
    place: dir,
    files: [...files, ...comparisons.map(file => `comparisons/${file}`)],
    read: file => readFile(join(dir, file), 'utf8'),
  };
}

/** The names of a folder's JSON files; undefined where there is no folder. */
async function jsonFiles(dir: string): Promise<string[] | undefined> {
  try {
    return (await readdir(dir)).filter(name => name.endsWith('.json') && !name.startsWith('.'));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
