import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STAND_IN } from '../contenders/runtime.js';
import { UsageError } from '../text/usage-error.js';
import { CHAOS_RESULT, CHAOS_SCHEMA_VERSION, type ChaosResult } from './chaos-result.js';
import { replaceJsonFile } from './replace-json-file.js';
import { inFileName } from './result-file.js';
import { storedFormat } from './stored-format.js';

/** A drain's file. */
const CHAOS_FORMAT = storedFormat({
  title: 'chaos',
  version: CHAOS_SCHEMA_VERSION,
  shape: CHAOS_RESULT,
  upgrades: { 1: withStandInNamed, 2: withoutApi },
});

/**
 * Stores a result as `<contender>-seed-<seed>.json` in the folder `chaos` of the results, in place of an earlier one: a
 * suite is one drain of each contender with each seed. With an Order API it is named by that.
 *
 * @returns the file's path.
 * @throws Error when the result does not fit its shape: a mistake in this program, and no file is written.
 */
export async function writeChaosResult(result: ChaosResult, resultsDir: string): Promise<string> {
  CHAOS_FORMAT.check(result);
  const seed = String(result.seed).padStart(2, '0');
  const file = join(chaosDir(resultsDir), `${inFileName(result.api?.contender ?? result.contender)}-seed-${seed}.json`);
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
  if (files.length === 0) throw new UsageError(`no results in ${dir}: make chaos makes some`);
  const results = await Promise.all(
    files.map(async name => CHAOS_FORMAT.parse(await readFile(join(dir, name), 'utf8'), join(dir, name))),
  );
  return results.sort((a, b) => a.contender.localeCompare(b.contender) || a.seed - b.seed);
}

/** In version 1 contenders were not named by what ran them: the stand-in shows in the versions alone. */
function withStandInNamed(older: Readonly<Record<string, unknown>>): object {
  const { contender, versions } = older;
  const spin = typeof versions === 'object' && versions !== null && 'spin' in versions ? versions.spin : undefined;
  const isOnStandIn = typeof spin === 'string' && spin.startsWith('spin-host ');
  return isOnStandIn ? { ...older, contender: `${contender} (${STAND_IN})` } : older;
}

/** Up to version 2 there was no Order API in a drain. */
function withoutApi(older: Readonly<Record<string, unknown>>): object {
  return older;
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
