import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { builtTool } from './built-tool.js';
import { cacheDir } from './cache-dir.js';
import { ToolMissing } from './tool.js';

/** A crate of a Cargo workspace that is built from source and kept. */
export interface CrateSource {
  /** The workspace's folder: its Cargo.toml and its Cargo.lock count. */
  readonly workspaceDir: string;
  /** Name of the crate. */
  readonly crate: string;
  /** The crate's folder and those of the workspace that it depends on, relative to the workspace's. */
  readonly folders: readonly string[];
  /** What is built, as in `spin_rust.wasm`. */
  readonly file: string;
  /** Target triple; the compiler's own unless set. */
  readonly target?: string;
  /** Whether the C library is linked into the program. */
  readonly isStatic?: boolean;
  /** How long a build takes on 2 cores. */
  readonly duration: string;
}

/** What a crate that runs on Spin is compiled to. */
export const WASM_TARGET = 'wasm32-wasip2';

/**
 * The path of what a crate is built into, from the user's cache, else built by its lockfile.
 *
 * @throws ToolMissing when there is no Rust, or none for the target; Error with the log of a failed build.
 */
export async function builtCrate(source: CrateSource): Promise<string> {
  const { workspaceDir, crate, folders, file, isStatic = false, duration } = source;
  const compiler = await rustVersion(workspaceDir);
  // Named, flags of the linker concern this crate alone and no program that runs while it is built.
  const target = source.target ?? hostOf(compiler);
  await mustHaveTarget(target);
  const targetDir = join(cacheDir(), 'tools', isStatic ? 'crates-static-target' : 'crates-target');
  return builtTool({
    name: file,
    sourceDir: workspaceDir,
    sources: await sourcesIn(workspaceDir, folders),
    announcement: `${file} from source: ${duration} on 2 cores`,
    compiler,
    versionArguments: null,
    compile: () => ({
      command: ['cargo', 'build', '--release', '--locked', '--package', crate, '--target', target],
      env: { CARGO_TARGET_DIR: targetDir, RUSTFLAGS: isStatic ? '-C target-feature=+crt-static' : '' },
      binary: join(targetDir, target, 'release', file),
    }),
  });
}

/**
 * Whether the installed Rust compiles for a target.
 *
 * @throws ToolMissing that says what to install where it does not.
 */
export async function mustHaveTarget(target: string): Promise<void> {
  const { stdout, failed } = await execa('rustc', ['--print', 'target-libdir', '--target', target], {
    reject: false,
    stdin: 'ignore',
  });
  if (!failed && existsSync(stdout.trim())) return;
  throw new ToolMissing(
    `there is no Rust for ${target}. Install it: rustup target add ${target} (or, without rustup, your system's package of Rust's standard library for it)`,
  );
}

/** Its folders hold tests and texts beside, which change nothing in a program. */
async function sourcesIn(workspaceDir: string, folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async folder => {
      const files = await readdir(join(workspaceDir, folder, 'src'), { recursive: true });
      const sources = files.filter(file => file.endsWith('.rs')).toSorted();
      return [`${folder}/Cargo.toml`, ...sources.map(file => `${folder}/src/${file}`)];
    }),
  );
  return ['Cargo.toml', 'Cargo.lock', ...found.flat()].map(path => join(workspaceDir, path));
}

async function rustVersion(dir: string): Promise<string> {
  const result = await execa('rustc', ['--version', '--verbose'], { cwd: dir, reject: false, stdin: 'ignore' });
  if (!result.failed) return result.stdout;
  throw new ToolMissing(
    `there is no Rust (${result.stderr || result.originalMessage}). Install Rust 1.95 or newer (rustup.rs)`,
  );
}

function hostOf(version: string): string {
  return /^host: (.+)$/m.exec(version)?.[1] ?? '';
}
