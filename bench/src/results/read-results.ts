import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPARISON_FILE } from './comparison-file.js';
import type { RunResult } from './result.js';
import { RESULT_FORMAT } from './result-file.js';
import { jsonFilesIn, mustBeResultsFolder, type PlanKind, planDir, planIds } from './results-folder.js';
import { SWEEP_FILE } from './sweep-file.js';

/** A result and where it was read. */
export interface StoredResult {
  /** Below the results folder, with `/` on every system: `comparisons/<id>/<name>.json`. */
  readonly file: string;
  readonly result: RunResult;
}

/** What to read beside the runs whose contenders have settings of their own. */
export interface ReadResultsOptions {
  /** Read the runs of sweeps too; they vary settings, so that a comparison must never mix them in. Default: false. */
  readonly sweeps?: boolean;
}

/**
 * Reads every run of a results folder, the oldest first. Every `.json` in a plan's folder has to be the plan or one of its
 * runs: a file that is left out in silence would change what the rest says.
 *
 * @throws UsageError when the folder is missing, or a file is not a whole result of a known version; it names the file.
 */
export async function readResults(dir: string, { sweeps = false }: ReadResultsOptions = {}): Promise<StoredResult[]> {
  await mustBeResultsFolder(dir);
  const kinds: readonly PlanKind[] = ['single', 'paced', 'comparisons', ...(sweeps ? (['sweeps'] as const) : [])];
  const stored: StoredResult[] = [];
  for (const kind of kinds) {
    for (const id of await planIds(dir, kind)) stored.push(...(await readPlanResults(dir, kind, id)));
  }
  return stored.sort((a, b) => compareText(a.result.startedAt, b.result.startedAt) || compareText(a.file, b.file));
}

/**
 * Reads every run of one plan, by the names of their files.
 *
 * @throws UsageError for a file that is not a whole result of a known version.
 */
export async function readPlanResults(resultsDir: string, kind: PlanKind, id: string): Promise<StoredResult[]> {
  const dir = planDir(resultsDir, kind, id);
  const names = (await jsonFilesIn(dir)).filter(name => name !== COMPARISON_FILE && name !== SWEEP_FILE);
  return Promise.all(
    names.map(async name => ({
      file: `${kind}/${id}/${name}`,
      result: RESULT_FORMAT.parse(await readFile(join(dir, name), 'utf8'), join(dir, name)),
    })),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
