import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../text/usage-error.js';

/**
 * Makes a folder for results, before anything starts: what is measured shall find its place.
 *
 * @throws UsageError where it is no folder, can't be made, or can't be written.
 */
export async function makeResultsFolder(dir: string): Promise<void> {
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
