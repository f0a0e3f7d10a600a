import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';

/** Three numbers as in `1.18.0`, found in what a program prints about itself. */
const VERSION = /\d+\.\d+(?:\.\d+)?/;
const ANSWER_LIMIT_MS = 20_000;

/** Asks a program for its version, with `--version` unless told otherwise; undefined when it does not run, fails or prints none. */
export async function programVersion(
  path: string,
  versionArguments: readonly string[] = ['--version'],
): Promise<string | undefined> {
  const result = await execa(path, versionArguments, { reject: false, timeout: ANSWER_LIMIT_MS, stdin: 'ignore' });
  if (result.failed) return undefined;
  // Some tell it where others tell what is wrong.
  return (VERSION.exec(result.stdout) ?? VERSION.exec(result.stderr))?.[0];
}

/** Whether `version` is `minimum` or newer, number by number; a missing number counts as 0. */
export function isAtLeast(version: string, minimum: string): boolean {
  const numbers = version.split('.').map(Number);
  for (const [index, wanted] of minimum.split('.').map(Number).entries()) {
    const given = numbers[index] ?? 0;
    if (given !== wanted) return given > wanted;
  }
  return true;
}

/** The executable files of this name in the folders of PATH, in that order. */
export async function executablesNamed(name: string): Promise<string[]> {
  const dirs = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const found = await Promise.all([...new Set(dirs)].map(dir => executable(join(dir, name))));
  return found.flat();
}

async function executable(path: string): Promise<string[]> {
  try {
    await access(path, constants.X_OK);
    return [path];
  } catch {
    // Not here, or not for us to run: the search goes on in the next folder.
    return [];
  }
}
