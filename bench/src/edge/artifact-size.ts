import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { AppId } from '@order-bench/orders';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import type { ReadyContender } from '../contenders/build.js';
import { type Contender, spinManifest, usesNode, usesSpin } from '../contenders/contender.js';
import type { ArtifactSize } from '../results/k6-result.js';

/**
 * What a node has to fetch for one role of a contender: on Spin the role's component; on Node the app's code and the packages
 * that it needs to run, as npm resolves them; else the files that its start names.
 */
export async function artifactSize({ contender, runtime }: ReadyContender, role: AppId): Promise<ArtifactSize> {
  const paths = await artifactPaths(contender, role);
  const sizes = await Promise.all(paths.map(sizeBytes));
  return {
    artifactBytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    files: paths.map(path => relative(checkoutDir, path).replaceAll('\\', '/')),
    // A program of its own brings what runs it.
    runtimeBytes: runtime.command[0] === undefined ? 0 : await sizeBytes(runtime.command[0]),
  };
}

async function artifactPaths(contender: Contender, role: AppId): Promise<readonly string[]> {
  if (usesSpin(contender)) return [await componentFile(contender, role)];
  return usesNode(contender) ? packageDirs(contender) : startedFiles(contender);
}

function startedFiles({ dir, start }: Contender): string[] {
  return start.map(word => resolve(dir, word)).filter(path => path.startsWith(join(dir, '/')) && existsSync(path));
}

/** The `source` of `[component.<role>]`, relative to the manifest. */
async function componentFile(contender: Contender, role: AppId): Promise<string> {
  const manifest = spinManifest(contender);
  const section = (await readFile(manifest, 'utf8')).split(/^\[/m).find(part => part.startsWith(`component.${role}]`));
  const source = /^source\s*=\s*"([^"]+)"/m.exec(section ?? '')?.[1];
  if (source === undefined) throw new Error(`${manifest} has no source of component ${role}: its size can't be told`);
  return resolve(dirname(manifest), source);
}

/**
 * The folder of every package that the app needs to run, itself among them: what `npm ci --omit=dev --omit=optional` puts into
 * its image.
 *
 * @throws Error when npm does not list the app: its size would be told too small.
 */
async function packageDirs({ dir, name }: Contender): Promise<string[]> {
  const { stdout } = await execa('npm', ['ls', '--all', '--parseable', '--omit=dev'], {
    cwd: dir,
    // npm complains of optional packages that are not there, and lists the rest.
    reject: false,
    stdin: 'ignore',
  });
  const listed = await Promise.all(
    stdout
      .split('\n')
      .filter(Boolean)
      .map(path => realpath(path)),
  );
  if (!listed.includes(await realpath(dir)))
    throw new Error(`'npm ls' in ${dir} does not list ${name} itself: run npm ci`);
  const leftOut = await optionalDirs();
  return [...new Set(listed)]
    .filter(path => path !== checkoutDir && !leftOut.has(path))
    .map(path => (isWorkspace(path) ? join(path, 'dist') : path))
    .toSorted();
}

/** `npm ls --omit=optional` still lists optional peers of what is installed, TypeScript for one; the lockfile knows them. */
async function optionalDirs(): Promise<ReadonlySet<string>> {
  const { packages } = JSON.parse(await readFile(join(checkoutDir, 'package-lock.json'), 'utf8')) as Lockfile;
  const dirs = Object.entries(packages).filter(([, { optional, devOptional }]) => optional || devOptional);
  return new Set(dirs.map(([dir]) => join(checkoutDir, dir)));
}

interface Lockfile {
  /** By folder, relative to the lockfile's. */
  readonly packages: Readonly<Record<string, { readonly optional?: boolean; readonly devOptional?: boolean }>>;
}

/** A workspace's sources and tests are no part of what runs. */
function isWorkspace(path: string): boolean {
  return !path.includes('node_modules');
}

/** Of a file, or of all files in a folder but for packages nested in it, which npm lists by themselves. */
async function sizeBytes(path: string): Promise<number> {
  const facts = await stat(path);
  if (facts.isFile()) return facts.size;
  const entries = await readdir(path, { withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter(entry => entry.name !== 'node_modules' && (entry.isFile() || entry.isDirectory()))
      .map(({ name }) => sizeBytes(join(path, name))),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
