import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';

/** Exit code of a build that this machine lacks something for (docs/contenders.md). */
const UNAVAILABLE = 69;

/**
 * Builds a contender by its own command and describes its tests; where the build says that this machine lacks something, they
 * are skipped for that reason.
 *
 * @throws Error with the build's output where it fails otherwise.
 */
export function describeBuilt(appDir: string, describeTests: () => void): void {
  const { build } = JSON.parse(readFileSync(join(appDir, 'contender.json'), 'utf8')) as {
    readonly build: readonly [string, ...string[]];
  };
  const [program, ...args] = build;
  const { status, stderr, error } = spawnSync(program, args, { cwd: appDir, encoding: 'utf8' });
  if (status === UNAVAILABLE) describe.skip(`left out: ${stderr.trim()}`, describeTests);
  else if (status === 0) describeTests();
  else throw error ?? new Error(`'${build.join(' ')}' failed in ${appDir}:\n${stderr}`);
}
