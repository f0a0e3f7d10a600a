import { constants, existsSync, readdirSync } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Option } from 'commander';
import { UsageError } from '../text/usage-error.js';

/** Where runs are kept unless said otherwise. Git ignores it: who tries things changes nothing of what is published. */
const RUNS_FOLDER = join(checkoutDir, 'runs');
/** What this project publishes; written where it is named. */
const PUBLISHED_FOLDER = join(checkoutDir, 'results');

/** `--results <dir>`: a folder for results, or of results. */
export function resultsFlag(description: string): Option {
  return new Option('--results <dir>', `${description}; results/ holds what is published`).default(
    RUNS_FOLDER,
    'runs/ of this checkout',
  );
}

/** Folders to look a stored comparison up in: the one that was named, else one's own runs and then what is published. */
export function foldersToRead(dir: string): string[] {
  return dir === RUNS_FOLDER ? [RUNS_FOLDER, PUBLISHED_FOLDER] : [dir];
}

/** @throws UsageError where nothing was measured here yet. */
export function mustBeThere(dir: string): void {
  if (dir !== RUNS_FOLDER || (existsSync(dir) && readdirSync(dir).length > 0)) return;
  throw new UsageError(
    'nothing was measured in this checkout yet: make bench does; for what is published name --results results (make: RESULTS=results)',
  );
}

/** @throws UsageError where a document of this project would be written from other results than the published ones. */
export function mustBePublished(document: string, dir: string): void {
  if (resolve(dir) === PUBLISHED_FOLDER) return;
  throw new UsageError(`${document} says what is published, and ${placeText(dir)} is not: name --results results`);
}

/** A path as short as it can be typed where the command was called. */
export function placeText(path: string): string {
  const short = relative('.', path);
  return short.startsWith('..') ? resolve(path) : short || '.';
}

/**
 * Makes a folder for results, before anything starts: what is measured shall find its place.
 *
 * @throws UsageError where it is no folder, can't be made, or can't be written.
 */
export async function makeResultsFolder(dir: string): Promise<void> {
  if (dir === '') throw new UsageError('--results takes a folder, and is empty');
  const path = resolve(dir);
  try {
    await make(path);
    await access(path, constants.W_OK);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`results can't be stored in ${path} (${(cause as Error).message}): name another --results`, {
      cause,
    });
  }
}

/** One folder after the other: for some paths, as below /proc, Node's own recursive mkdir never ends. */
async function make(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found?.isDirectory()) return;
  if (found) throw new UsageError(`results can't be stored in ${path}, which is no folder: name another --results`);
  await make(dirname(path));
  // Another command may have made it meanwhile.
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
