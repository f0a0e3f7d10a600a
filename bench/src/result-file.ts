import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunResult } from './result.js';
import { schemaValidator } from './schema.js';

const faultsOf = schemaValidator('result.schema.json');

/**
 * Stores a result as `<startedAt>-<target>-<contender>-<id>.json`, whole or not at all; never overwrites one.
 *
 * @returns the file's path.
 * @throws Error when the result does not fit the published schema: a mistake in this program, and no file is written.
 */
export async function writeResult(result: RunResult, dir: string): Promise<string> {
  const faults = faultsOf(result);
  if (faults.length > 0)
    throw new Error(`the result does not fit bench/schemas/result.schema.json: ${faults.join('; ')}`);
  const stamp = result.startedAt.replace(/[-:]|\.\d+/g, '');
  const name = `${stamp}-${result.target}-${result.contender}-${result.id}.json`;
  const file = join(dir, name);
  const unfinished = join(dir, `.${name}`);
  await mkdir(dir, { recursive: true });
  try {
    await writeFile(unfinished, `${JSON.stringify(result, null, 2)}\n`);
    // Unlike a rename, it fails where the name is taken.
    await link(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
  return file;
}
