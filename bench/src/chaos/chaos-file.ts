import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceJsonFile } from '../replace-json-file.js';
import { schemaValidator } from '../schema.js';
import { UsageError } from '../usage-error.js';
import type { ChaosResult } from './chaos-result.js';

const faultsOf = schemaValidator('chaos.schema.json');

/**
 * Stores a result as `<contender>-seed-<seed>.json` in the folder `chaos` of the results, in place of an earlier one: a
 * suite is one drain of each contender with each seed.
 *
 * @returns the file's path.
 * @throws Error when the result does not fit the published schema: a mistake in this program, and no file is written.
 */
export async function writeChaosResult(result: ChaosResult, resultsDir: string): Promise<string> {
  const faults = faultsOf(result);
  if (faults.length > 0)
    throw new Error(`the result does not fit bench/schemas/chaos.schema.json: ${faults.join('; ')}`);
  const seed = String(result.seed).padStart(2, '0');
  const file = join(chaosDir(resultsDir), `${result.contender}-seed-${seed}.json`);
  await replaceJsonFile(file, result);
  return file;
}

/**
 * Every stored chaos result, by contender and seed.
 *
 * @throws UsageError for a folder without one, and for a file that is none.
 */
export async function readChaosResults(resultsDir: string): Promise<ChaosResult[]> {
  const dir = chaosDir(resultsDir);
  const files = (await filesIn(dir)).filter(file => file.endsWith('.json') && !file.startsWith('.'));
  if (files.length === 0) throw new UsageError(`no results in ${dir}: run 'bench chaos' first`);
  const results = await Promise.all(files.map(file => readOne(join(dir, file))));
  return results.sort((a, b) => a.contender.localeCompare(b.contender) || a.seed - b.seed);
}

async function readOne(file: string): Promise<ChaosResult> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${file} is not JSON: ${error.message}; run its seed again`);
  }
  const faults = faultsOf(value);
  if (faults.length > 0) throw new UsageError(`${file} is no chaos result: ${faults.join('; ')}`);
  return value as ChaosResult;
}

async function filesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function chaosDir(resultsDir: string): string {
  return join(resultsDir, 'chaos');
}
