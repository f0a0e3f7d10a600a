import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UsageError } from '../text/usage-error.js';
import { type Contender, DESCRIPTOR } from './contender.js';

/** What becomes a contender of its own, and where. */
export interface NewContender {
  readonly name: string;
  /** What is copied. */
  readonly from: Contender;
  /** Folder that its own folder is made in. */
  readonly appsDir: string;
}

/** Made by builds and installs: a copy makes its own. */
const MADE = new Set(['node_modules', 'dist', '.spin', 'target']);
/** What only the original is: its place in the chart, and what else was built on it. */
const OF_THE_ORIGINAL = new Set(['chart', 'orderApi', 'isFloor']);

/**
 * Copies a contender under another name, with its tests, which hold it to what every contender must pass.
 *
 * @returns its folder.
 * @throws UsageError for a name that none can have, and for one that is taken.
 */
export async function newContender({ name, from, appsDir }: NewContender): Promise<string> {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new UsageError(`'${name}' is no name for a contender: small letters, digits and hyphens, as in my-app`);
  }
  const dir = join(appsDir, name);
  if (existsSync(dir)) throw new UsageError(`${dir} is there already: take another name`);
  await cp(from.dir, dir, {
    recursive: true,
    filter: path => !MADE.has(basename(path)) && !path.endsWith('.tsbuildinfo'),
  });
  await changeJson(join(dir, DESCRIPTOR), descriptor => ({
    ...Object.fromEntries(Object.entries(descriptor).filter(([key]) => !OF_THE_ORIGINAL.has(key))),
    name,
    description: `Made from ${from.name}`,
  }));
  const manifest = join(dir, 'package.json');
  if (existsSync(manifest)) await changeJson(manifest, json => ({ ...json, name: `@order-bench/${name}` }));
  return dir;
}

async function changeJson(file: string, change: (json: object) => object): Promise<void> {
  const json = change(JSON.parse(await readFile(file, 'utf8')) as object);
  await writeFile(file, `${JSON.stringify(json, null, 2)}\n`);
}
