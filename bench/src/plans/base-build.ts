import { createHash } from 'node:crypto';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cacheDir, checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import type { PlannedBase } from '../results/comparison-file.js';
import { UsageError } from '../text/usage-error.js';

/** A commit that is checked out and compiled. */
export interface BaseBuild extends PlannedBase {
  readonly dir: string;
}

/** What to build, and where. */
export interface BaseBuildOptions {
  readonly base: PlannedBase;
  /** Whose commits these are; this checkout unless a test has another. */
  readonly repo?: string;
  /** Where builds are kept; `base` in the user's cache folder unless a test has another. */
  readonly keptIn?: string;
  /** Compiles what is checked out. */
  readonly steps?: readonly (readonly string[])[];
  readonly signal: AbortSignal;
  /** Told before each step: building takes minutes. */
  readonly say: (text: string) => void;
}

/** In the checkout's own folder, as `make build` does. */
const BUILD_STEPS = [
  ['npm', 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
  ['npm', 'run', '--silent', 'build'],
];

/**
 * Finds a commit by what it is called.
 *
 * @param repo whose commits; this checkout unless a test has another.
 * @throws UsageError when git knows no such commit, or there is no git.
 */
export async function findBase(ref: string, repo = checkoutDir): Promise<PlannedBase> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  try {
    return { ref, commit: (await execa('git', args, { cwd: repo })).stdout };
  } catch (cause) {
    throw new UsageError(`'${ref}' is no git commit of ${basename(repo)}: --base takes a commit, a branch or a tag`, {
      cause,
    });
  }
}

/**
 * Checks a commit out into a git worktree of its own and compiles it there; one that was compiled before is taken as it is.
 *
 * @throws the signal's reason when aborted; Error with the end of its output when it can't be built. Nothing of it is kept
 *   then.
 */
export async function buildBase(options: BaseBuildOptions): Promise<BaseBuild> {
  const { base, repo = checkoutDir, keptIn = join(cacheDir(), 'base'), steps = BUILD_STEPS, signal, say } = options;
  const git = (...args: string[]) => execa('git', args, { cwd: repo, cancelSignal: signal });
  const { ref, commit } = base;
  // A worktree is of one checkout: another one of the same commit has its own.
  const owner = createHash('sha256').update(repo).digest('hex').slice(0, 8);
  const dir = join(keptIn, `${commit.slice(0, 12)}-${owner}`);
  const built: BaseBuild = { ...base, dir };
  // Beside the worktree: in it, it would be a change.
  const mark = `${dir}.built`;
  if ((await exists(mark)) && (await exists(dir))) return built;
  const remove = async () => {
    await rm(mark, { force: true });
    await rm(dir, { recursive: true, force: true });
    // Whatever became of its folder, git then knows of no worktree that is not there.
    await execa('git', ['worktree', 'prune'], { cwd: repo });
  };
  await remove();
  await mkdir(keptIn, { recursive: true });
  try {
    say(`checking out ${ref} (${commit.slice(0, 7)})`);
    await git('worktree', 'add', '--detach', dir, commit);
    for (const [program = '', ...args] of steps) {
      say(`${program} ${args[0]} in it`);
      await execa(program, args, { cwd: dir, stdin: 'ignore', all: true, cancelSignal: signal });
    }
    await writeFile(mark, '');
    return built;
  } catch (cause) {
    await remove();
    signal.throwIfAborted();
    throw new Error(`the base ${ref} could not be built: ${lastLines(cause)}`, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

function lastLines(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const output = 'all' in error && typeof error.all === 'string' ? error.all : error.message;
  return output.trim().split('\n').slice(-LAST_LINES).join('\n');
}

const LAST_LINES = 12;
