import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceJsonFile } from '../replace-json-file.js';
import { inFileName } from '../result-file.js';
import { STAND_IN } from '../runtime.js';
import { storedFormat } from '../stored-format.js';
import { UsageError } from '../usage-error.js';
import { CHAOS_SCHEMA_VERSION, type ChaosResult } from './chaos-result.js';

const CHAOS_FORMAT = storedFormat<ChaosResult>(CHAOS_SCHEMA_VERSION, 'chaos.schema.json');

/**
 * Stores a result as `<contender>-seed-<seed>.json` in the folder `chaos` of the results, in place of an earlier one: a
 * suite is one drain of each contender with each seed.
 *
 * @returns the file's path.
 * @throws Error when the result does not fit the published schema: a mistake in this program, and no file is written.
 */
export async function writeChaosResult(result: ChaosResult, resultsDir: string): Promise<string> {
  CHAOS_FORMAT.check(result);
  const seed = String(result.seed).padStart(2, '0');
  const file = join(chaosDir(resultsDir), `${inFileName(result.contender)}-seed-${seed}.json`);
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
  const results = await Promise.all(
    files.map(async name => CHAOS_FORMAT.parse(await readFile(join(dir, name), 'utf8'), join(dir, name))),
  );
  return results.map(withStandInNamed).sort((a, b) => a.contender.localeCompare(b.contender) || a.seed - b.seed);
}

/** Files from before contenders were named by what ran them tell of the stand-in in their versions alone. */
function withStandInNamed(result: ChaosResult): ChaosResult {
  const isOnStandIn = result.versions.spin?.startsWith('spin-host ');
  return isOnStandIn ? { ...result, contender: `${result.contender} (${STAND_IN})` } : result;
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
