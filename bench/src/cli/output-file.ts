import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../text/usage-error.js';

/**
 * Looks whether a file can be written, before the work for it is done.
 *
 * @throws UsageError where it can't.
 */
export async function mustBeWritable(file: string): Promise<void> {
  const path = resolve(file);
  try {
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory()) throw new Error('it is a folder');
    await access(found ? path : dirname(path), constants.W_OK);
  } catch (cause) {
    throw new UsageError(`${path} can't be written (${(cause as Error).message}): name another --out`, { cause });
  }
}
