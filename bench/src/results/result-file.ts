import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { timeStamp } from './plan-id.js';
import { RUN_RESULT, type RunResult, SCHEMA_VERSION } from './result.js';
import { storedFormat } from './stored-format.js';

/** A run's result file. */
export const RESULT_FORMAT = storedFormat({
  title: 'result',
  version: SCHEMA_VERSION,
  shape: RUN_RESULT,
  upgrades: { 2: withFloorAndChecked },
});

/**
 * Stores a result as `<startedAt>-<target>-<contender>-<id>.json`, whole or not at all; never overwrites one. Of the
 * contender's name what no file's name should hold becomes a dash.
 *
 * @param dir the folder of its plan.
 *
 * @returns the file's path.
 * @throws Error when the result does not fit its shape: a mistake in this program, and no file is written.
 */
export async function writeResult(result: RunResult, dir: string): Promise<string> {
  RESULT_FORMAT.check(result);
  const stamp = timeStamp(new Date(result.startedAt));
  const name = `${stamp}-${result.target}-${inFileName(result.contender)}-${result.id}.json`;
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

/** A contender's name as a part of a file's: `spin-ts (stand-in)` is `spin-ts-stand-in` there. */
export function inFileName(contender: string): string {
  return contender.replace(/[^\w.@-]+/g, '-').replace(/-$/, '');
}

/**
 * In version 2 a floor was told by its settings, and a run that was checked and not timed was a complete one without a
 * drain.
 */
function withFloorAndChecked(older: Readonly<Record<string, unknown>>): object {
  const { settings, ...record } = older;
  const isFloor =
    typeof settings === 'object' && settings !== null && 'framework' in settings && settings.framework === 'none';
  if (record.status !== 'complete' || record.drain !== null) return { ...record, settings, isFloor };
  const { drain, ...checked } = record;
  return {
    ...checked,
    settings,
    isFloor,
    status: 'checked',
    reason: 'malformed messages were among the orders, or orders went astray',
  };
}
