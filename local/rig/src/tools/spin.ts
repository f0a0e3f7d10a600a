import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { checkoutDir } from '../checkout.js';
import { builtTool } from './built-tool.js';
import { cacheDir } from './cache-dir.js';
import { executablesNamed, isAtLeast, programVersion } from './program-version.js';
import { withProgress } from './progress.js';
import { type Tool, ToolMissing } from './tool.js';

/** The first release with outbound connection pooling. */
const OLDEST_SPIN = '3.4.0';
const SOURCE_DIR = join(checkoutDir, 'local', 'spin-host');

/** The user's own `spin`: the first on PATH that runs and is new enough. */
export async function locateSpin(): Promise<Tool | undefined> {
  for (const path of await executablesNamed('spin')) {
    const version = await programVersion(path);
    if (version && isAtLeast(version, OLDEST_SPIN)) return { kind: 'user', path, version, command: [path] };
  }
  return undefined;
}

/**
 * The user's own `spin`, else the stand-in of this repository (local/spin-host), built on the first call and kept.
 *
 * @throws ToolMissing when there is neither a spin nor a usable Rust, or with the log of a failed build.
 */
export async function findSpin(): Promise<Tool> {
  return (await locateSpin()) ?? (await standIn());
}

/**
 * Has the stand-in compile the components of a Spin app ahead of their first start, which otherwise takes 8 s a component.
 *
 * @throws Error with what the host said when it refuses the manifest or a component.
 */
export async function compileSpinApp(command: readonly string[], manifest: string): Promise<void> {
  const [program = '', ...args] = command;
  const all = [...args, 'compile', '--from', manifest, '--cache', compiledComponentsDir()];
  const result = await withProgress(`compiling the components of ${manifest} ahead`, () =>
    execa(program, all, { reject: false, stdin: 'ignore', all: true }),
  );
  if (result.failed)
    throw new Error(
      `'${[program, ...all].join(' ')}' failed: ${result.all || result.shortMessage}\nbuild the app anew (make clean tools)`,
    );
}

/** Where the stand-in keeps compiled components; hand it to `up` as `--cache` too. */
export function compiledComponentsDir(): string {
  return join(cacheDir(), 'spin-components');
}

/**
 * The stand-in for Spin, built on the first call and kept.
 *
 * @throws ToolMissing where there is no usable Rust, or with the log of a failed build.
 */
export async function standIn(): Promise<Tool> {
  const { version } = await crateFacts();
  const targetDir = join(cacheDir(), 'tools', 'spin-host-target');
  const path = await builtTool({
    name: 'spin-host',
    sourceDir: SOURCE_DIR,
    announcement: `spin-host ${version} (there is no spin on PATH) from source: 4 to 6 minutes on 2 cores`,
    compiler: await spinHostCompiler(),
    compile: () => ({
      command: ['cargo', 'build', '--release', '--locked'],
      // One folder for every state of the sources: after a change only this crate is compiled again.
      env: { CARGO_TARGET_DIR: targetDir },
      binary: join(targetDir, 'release', 'spin-host'),
    }),
  });
  return { kind: 'built', path, version, command: [path] };
}

async function crateFacts(): Promise<{ version: string; oldestRust: string }> {
  const file = join(SOURCE_DIR, 'Cargo.toml');
  const text = await readFile(file, 'utf8');
  const fact = (key: string) => {
    const value = new RegExp(`^${key} = "([^"]+)"`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`${file} has no ${key}: it tells which spin-host to build`);
    return value;
  };
  return { version: fact('version'), oldestRust: fact('rust-version') };
}

/**
 * The Rust that would build the stand-in.
 *
 * @throws ToolMissing when there is none, or an older one than the crate takes.
 */
export async function spinHostCompiler(): Promise<string> {
  const { oldestRust: oldest } = await crateFacts();
  const remedy = `Install Rust ${oldest} or newer (rustup.rs), or spin ${OLDEST_SPIN} or newer (spinframework.dev)`;
  const result = await execa('rustc', ['--version'], { cwd: SOURCE_DIR, reject: false, stdin: 'ignore' });
  if (result.failed) {
    throw new ToolMissing(
      `there is no spin on PATH, and its stand-in can't be built without Rust (${result.stderr || result.originalMessage}). ${remedy}`,
    );
  }
  const found = /\d+\.\d+\.\d+/.exec(result.stdout)?.[0] ?? '0';
  if (!isAtLeast(found, oldest))
    throw new ToolMissing(`there is no spin on PATH, and its stand-in needs a newer Rust than ${found}. ${remedy}`);
  return result.stdout.trim();
}
