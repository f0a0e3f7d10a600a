import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { UsageError } from '../usage-error.js';

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

/**
 * The files of `results/` in a commit of this checkout.
 *
 * @throws UsageError when git knows no such commit.
 */
export async function gitSet(ref: string, dir = checkoutDir): Promise<ResultSet> {
  const git = (...args: string[]) => execa('git', args, { cwd: dir });
  let commit: string;
  try {
    commit = (await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`)).stdout;
  } catch (cause) {
    throw new UsageError(`'${ref}' is no comparison of this checkout, no folder and no git commit`, { cause });
  }
  const { stdout } = await git('ls-tree', '-r', '--name-only', '-z', commit, '--', 'results/');
  return {
    place: `results/ of ${ref}`,
    files: stdout
      .split('\0')
      .filter(file => file.endsWith('.json'))
      .map(file => file.slice('results/'.length)),
    read: async file => (await git('show', `${commit}:results/${file}`)).stdout,
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
