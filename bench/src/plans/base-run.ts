import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { type TuningFlags, tuningArgs } from '../contenders/tuning-flags.js';
import type { RunResult } from '../results/result.js';
import { RESULT_FORMAT } from '../results/result-file.js';
import { UsageError } from '../text/usage-error.js';
import type { BaseBuild } from './base-build.js';

/** One run of a base. */
export interface BaseRunOptions {
  readonly base: BaseBuild;
  /** As the plan here names it. */
  readonly name: string;
  /** As it was typed, and the runtimes that it may name (`<name>=<path>`). */
  readonly contender: string;
  readonly runtime: readonly string[];
  readonly orders: number;
  readonly seed: number;
  readonly timeoutS: number;
  readonly tuning: TuningFlags;
  readonly signal: AbortSignal;
}

const WRONG_USE = 2;
/** How long a rig may take to end before it is killed. */
const STOP_MS = 30_000;

/**
 * One burst by the base's own `bench run`, in its own checkout: everything that runs, and what measures it, is of that
 * commit. Its contender is called by its name as a base.
 *
 * @throws UsageError when the base refuses the run, or stores a version of results that is not read here; the signal's
 *   reason when aborted; Error with its last words when it leaves no result.
 */
export async function runBase(options: BaseRunOptions): Promise<RunResult> {
  const { base, name, contender, runtime, orders, seed, timeoutS, tuning, signal } = options;
  const results = await mkdtemp(join(tmpdir(), 'base-run-'));
  try {
    const args = [
      ...['--contenders', contender, '--orders', `${orders}`, '--seed', `${seed}`, '--timeout-s', `${timeoutS}`],
      ...['--results', results, ...tuningArgs(tuning)],
      ...(runtime.length > 0 ? ['--runtime', ...runtime] : []),
    ];
    const { exitCode, all } = await execa('node', [join(base.dir, 'bench', 'dist', 'main.js'), 'run', ...args], {
      cwd: base.dir,
      stdin: 'ignore',
      all: true,
      reject: false,
      cancelSignal: signal,
      forceKillAfterDelay: STOP_MS,
    });
    signal.throwIfAborted();
    const lastWords = all.trim().split('\n').slice(-LAST_LINES).join('\n');
    if (exitCode === WRONG_USE) throw new UsageError(`the base ${base.ref} does not run ${contender}: ${lastWords}`);
    // An incomplete or void run is a result too, whatever the exit code.
    // Wherever in its results folder that commit keeps it.
    const files = await readdir(results, { recursive: true });
    const file = files.find(name => name.endsWith('.json') && !basename(name).startsWith('.'));
    if (!file) throw new Error(`the base ${base.ref} left no result: ${lastWords}`);
    const result = readResult(await readFile(join(results, file), 'utf8'), base);
    return { ...result, contender: name };
  } finally {
    await rm(results, { recursive: true, force: true });
  }
}

const LAST_LINES = 6;

function readResult(text: string, { ref, commit }: BaseBuild): RunResult {
  try {
    return RESULT_FORMAT.parse(text, `its result`);
  } catch (cause) {
    throw new UsageError(
      `the base ${ref} (${commit.slice(0, 7)}) stores another version of results than this checkout reads: ` +
        `compare with a newer commit (${cause instanceof Error ? cause.message : String(cause)})`,
      { cause },
    );
  }
}
