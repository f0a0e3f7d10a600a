import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaValidator } from '../schema.js';
import { UsageError } from '../usage-error.js';
import { K6_SCHEMA_VERSION, type K6Result } from './k6-result.js';

/** Where they stand below a results folder. */
export const K6_FOLDER = 'k6';

const SCHEMA_FILE = 'k6-result.schema.json';
const faultsOf = schemaValidator(SCHEMA_FILE);

/** A result and where it was read: below the results folder, with `/` on every system. */
export interface StoredK6Result {
  readonly file: string;
  readonly result: K6Result;
}

/**
 * Stores a result as `k6/<startedAt>-<what>-<contender>-<role>-<id>.json`; never overwrites one.
 *
 * @returns the file's path.
 * @throws Error when the result does not fit the published schema: a mistake in this program, and no file is written.
 */
export async function writeK6Result(result: K6Result, resultsDir: string): Promise<string> {
  const faults = faultsOf(result);
  if (faults.length > 0) throw new Error(`the result does not fit bench/schemas/${SCHEMA_FILE}: ${faults.join('; ')}`);
  const stamp = result.startedAt.replace(/[-:]|\.\d+/g, '');
  const what = result.kind === 'k6-test' ? result.run.test : result.kind.replace(/^k6-/, '');
  const dir = join(resultsDir, K6_FOLDER);
  const file = join(dir, `${stamp}-${what}-${result.contender}-${result.role}-${result.id}.json`);
  await mkdir(dir, { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`, { flag: 'wx' });
  return file;
}

/**
 * Reads every result below `k6/`, the oldest first; none where there is no such folder.
 *
 * @throws UsageError when a file is not a whole result of a known version; it names the file.
 */
export async function readK6Results(resultsDir: string): Promise<StoredK6Result[]> {
  const dir = join(resultsDir, K6_FOLDER);
  const names = (await namesIn(dir)).filter(name => name.endsWith('.json') && !name.startsWith('.')).sort();
  return Promise.all(
    names.map(async name => ({
      file: `${K6_FOLDER}/${name}`,
      result: parseK6Result(await readFile(join(dir, name), 'utf8'), join(dir, name)),
    })),
  );
}

/**
 * Reads one result's text.
 *
 * @param name where the text is from, for messages.
 * @throws UsageError when it is no JSON, of a version that this program does not know, or does not fit the schema.
 */
export function parseK6Result(text: string, name: string): K6Result {
  const remedy = 'restore it (git checkout), or move it out of the results folder';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${name} is cut off or is no JSON (${text.length} characters): ${remedy}`, { cause });
  }
  const version = typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : null;
  if (version !== K6_SCHEMA_VERSION) {
    throw new UsageError(
      `${name} has schemaVersion ${JSON.stringify(version)}, and this checkout reads version ${K6_SCHEMA_VERSION} only: ` +
        'use a checkout as new as the one that wrote the file, or move it out of the results folder',
    );
  }
  const faults = faultsOf(value);
  if (faults.length > 0)
    throw new UsageError(
      `${name} does not fit bench/schemas/${SCHEMA_FILE}: ${faults.join('; ')}. Results are never edited: ${remedy}`,
    );
  return value as K6Result;
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
