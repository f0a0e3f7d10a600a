import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type RunResult, SCHEMA_VERSION } from './result.js';
import { schemaValidator } from './schema.js';
import { UsageError } from './usage-error.js';

/** A result and where it was read. */
export interface StoredResult {
  /** Below the results folder, with `/` on every system: `<name>.json`, or `sweeps/<id>/<name>.json`. */
  readonly file: string;
  readonly result: RunResult;
}

/** What to read beside the runs that stand in the results folder itself. */
export interface ReadResultsOptions {
  /** Read the runs of sweeps too; they vary settings, so that a comparison must never mix them in. Default: false. */
  readonly sweeps?: boolean;
}

/**
 * Reads every result file of a results folder, the oldest run first. Every `.json` there has to be a result: a file
 * that is left out in silence would change what the rest says.
 *
 * @throws UsageError when the folder is missing, or a file is not a whole result of a known version; it names the file.
 */
export async function readResults(dir: string, { sweeps = false }: ReadResultsOptions = {}): Promise<StoredResult[]> {
  const files = [...(await jsonFiles(dir)), ...(sweeps ? await sweepFiles(dir) : [])];
  const stored: StoredResult[] = [];
  for (const file of files) {
    const path = join(dir, file);
    stored.push({ file, result: parseResult(await readFile(path, 'utf8'), path) });
  }
  return stored.sort((a, b) => compareText(a.result.startedAt, b.result.startedAt) || compareText(a.file, b.file));
}

/**
 * Reads one result file's text.
 *
 * @param name where the text is from, for messages: a path, or a path in a git revision.
 * @throws UsageError when the text is cut off or no JSON, of a version that this program does not know, or does not fit
 *   bench/schemas/result.schema.json.
 */
export function parseResult(text: string, name: string): RunResult {
  const value = parseJson(text, name);
  const version = versionOf(value);
  if (version === undefined)
    throw new UsageError(`${name} is not a result file (it has no schemaVersion): move it out of the results folder`);
  if (version !== SCHEMA_VERSION) {
    throw new UsageError(
      `${name} has schemaVersion ${JSON.stringify(version)}, and this checkout reads version ${SCHEMA_VERSION} only: ` +
        'use a checkout as new as the one that wrote the file, or move it out of the results folder',
    );
  }
  const faults = faultsOf(value);
  if (faults.length > 0) {
    throw new UsageError(
      `${name} does not fit bench/schemas/result.schema.json: ${faults.join('; ')}. Result files are never edited: ` +
        'restore it (git checkout), or move it out of the results folder',
    );
  }
  return value as RunResult;
}

const faultsOf = schemaValidator('result.schema.json');

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(
      `${name} is cut off or is no JSON (${text.length} characters; ${(cause as Error).message}): ` +
        'restore it (git checkout), or move it out of the results folder',
      { cause },
    );
  }
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
}

async function sweepFiles(dir: string): Promise<string[]> {
  const ids = (await entriesOf(join(dir, 'sweeps'), [])).filter(entry => entry.isDirectory()).map(({ name }) => name);
  const files: string[] = [];
  for (const id of ids) {
    const folder = `sweeps/${id}`;
    const names = await jsonFiles(join(dir, folder));
    files.push(...names.filter(name => basename(name) !== 'sweep.json').map(name => `${folder}/${name}`));
  }
  return files;
}

async function jsonFiles(dir: string): Promise<string[]> {
  return (await entriesOf(dir))
    .filter(entry => entry.isFile() && entry.name.endsWith('.json') && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

/** A folder's entries; what stands for a missing folder, or a UsageError where nothing does. */
async function entriesOf(dir: string, missing?: []) {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    if (missing) return missing;
    throw new UsageError(`there is no results folder ${dir}: measure first (make bench), or name another folder`, {
      cause,
    });
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
