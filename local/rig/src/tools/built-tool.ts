import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { withBuildLock } from './build-lock.js';
import { cacheDir } from './cache-dir.js';
import { contentHash } from './content-hash.js';
import { programVersion } from './program-version.js';
import { type ProgressOutput, withProgress } from './progress.js';

/** A program that this project builds from source and keeps. */
export interface ToolSource {
  /** Name of the binary and of its place in the cache. */
  readonly name: string;
  /** The compiler runs in it. */
  readonly sourceDir: string;
  /** Files and folders, hashed whole: a change in them means a new build. `sourceDir` unless set. */
  readonly sources?: readonly string[];
  /** What is built and how long it takes, e.g. `daprd 1.18.3 from source: 2 to 3 minutes on 2 cores`. */
  readonly announcement: string;
  /** Compiler and version; with the flags below it decides the result. */
  readonly compiler: string;
  /** The command that builds into `outDir`, and what it adds to the environment. */
  compile(outDir: string): {
    readonly command: readonly [string, ...string[]];
    readonly env: Readonly<Record<string, string>>;
    /** Where the binary lies afterwards. */
    readonly binary: string;
  };
  /** What the program is asked for its version with; `--version` unless set, null where the result is no program that tells one. */
  readonly versionArguments?: readonly string[] | null;
  readonly output?: ProgressOutput;
}

const LAST_LOG_LINES = 25;

/**
 * The path of a tool's binary: from the cache, where one built from the same sources, compiler, flags and platform
 * tells its version; else it is built, once also when several processes ask together.
 *
 * @throws Error with the end of the build's log when the build fails, or when its result does not run.
 */
export async function builtTool(source: ToolSource): Promise<string> {
  const { command, env } = source.compile('<out>');
  const { sources = [source.sourceDir], versionArguments = ['--version'] } = source;
  const isThere = async () => {
    // The folder gets its name once the binary is whole.
    if (versionArguments === null) return existsSync(binary);
    return (await programVersion(binary, versionArguments)) !== undefined;
  };
  const platform = `${process.platform}-${process.arch}`;
  const hash = await contentHash(sources, [source.compiler, platform, ...command, JSON.stringify(env)]);
  const toolsDir = join(cacheDir(), 'tools');
  const dir = join(toolsDir, `${source.name}-${hash}`);
  const binary = join(dir, source.name);
  if (await isThere()) return binary;
  await mkdir(toolsDir, { recursive: true });
  return withBuildLock(dir, async () => {
    // Whoever had the lock before may have built it.
    if (await isThere()) return binary;
    await withProgress(`building ${source.announcement}, once`, () => build(source, dir), source.output);
    if (await isThere()) return binary;
    throw new Error(
      `${binary} was built but does not answer to ${versionArguments?.join(' ')}: run it by hand to see why; its log is ${dir}.log`,
    );
  });
}

async function build(source: ToolSource, dir: string): Promise<void> {
  const outDir = `${dir}.${process.pid}`;
  const logFile = `${dir}.log`;
  const log = { file: logFile, append: true } as const;
  const { command, env, binary } = source.compile(outDir);
  const [program, ...args] = command;
  try {
    await rm(logFile, { force: true });
    await mkdir(outDir, { recursive: true });
    const result = await execa(program, args, {
      cwd: source.sourceDir,
      env,
      reject: false,
      stdio: ['ignore', log, log],
      buffer: false,
    });
    // Not the compiler's log: there was no room for one.
    if (result.code === 'ENOSPC') throw result.cause;
    if (result.failed) {
      const end = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-LAST_LOG_LINES).join('\n  ');
      throw new Error(
        `'${command.join(' ')}' failed in ${source.sourceDir} (${ending(result)}). Its log ends (${logFile}):\n  ${end}`,
      );
    }
    if (binary !== join(outDir, source.name)) await copyFile(binary, join(outDir, source.name));
    // A binary that no longer runs may be in the way.
    await rm(dir, { recursive: true, force: true });
    await rename(outDir, dir);
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

interface Ending {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly originalMessage?: string | undefined;
}

function ending({ exitCode, signal, originalMessage }: Ending): string {
  if (signal !== undefined) return `ended by ${signal}`;
  return exitCode === undefined ? String(originalMessage) : `exit code ${exitCode}`;
}
