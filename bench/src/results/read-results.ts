import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UsageError } from '../text/usage-error.js';
import type { RunResult } from './result.js';
import { RESULT_FORMAT } from './result-file.js';

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
    stored.push({ file, result: RESULT_FORMAT.parse(await readFile(path, 'utf8'), path) });
  }
  return stored.sort((a, b) => compareText(a.result.startedAt, b.result.startedAt) || compareText(a.file, b.file));
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
