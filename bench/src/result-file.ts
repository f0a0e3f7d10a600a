import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunResult } from './result.js';
import { schemaValidator } from './schema.js';

const faultsOf = schemaValidator('result.schema.json');

/**
 * Stores a result as `<startedAt>-<target>-<contender>-<id>.json`; never overwrites one.
 *
 * @returns the file's path.
 * @throws Error when the result does not fit the published schema: a mistake in this program, and no file is written.
 */
export async function writeResult(result: RunResult, dir: string): Promise<string> {
  const faults = faultsOf(result);
  if (faults.length > 0)
    throw new Error(`the result does not fit bench/schemas/result.schema.json: ${faults.join('; ')}`);
  const stamp = result.startedAt.replace(/[-:]|\.\d+/g, '');
  const file = join(dir, `${stamp}-${result.target}-${result.contender}-${result.id}.json`);
  await mkdir(dir, { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`, { flag: 'wx' });
  return file;
}
