import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import * as v from 'valibot';
import { ANYTHING, faultsIn, filled, POSITIVE, TEXT } from '../text/shape.js';
import { UsageError } from '../text/usage-error.js';
import { SPIN_SETTINGS } from './spin-settings.js';
import type { Tuning } from './tuning.js';

/** The file that makes a folder a contender; `bench schema contender` prints its JSON Schema. */
export const DESCRIPTOR = 'contender.json';

/**
 * The shape of a contender's descriptor. Values of `start` and `env` may hold `{appId}`, `{port}` and the other addresses;
 * those of `env` also `{daprApiToken}`, `{appApiToken}` and `{events}`, which is `on` or `off`; of an Order API also its own.
 */
export const CONTENDER_DESCRIPTOR = v.strictObject({
  $schema: v.exactOptional(v.string()),
  name: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/)),
  description: TEXT,
  runtime: TEXT,
  /** Run in the contender's folder before anything is started. */
  build: v.exactOptional(filled(TEXT)),
  /**
   * Starts one app id. A first word `{spin}` stands for Spin or the stand-in for it, whose `up` then takes further flags,
   * `{node}` for the Node that the Node contenders run on.
   */
  start: filled(TEXT),
  env: v.exactOptional(v.record(v.string(), v.string())),
  healthPath: v.pipe(v.string(), v.regex(/^\//)),
  /** True for one that does next to nothing: the floor that others are held against, and no contender itself. */
  isFloor: v.exactOptional(v.boolean()),
  /** False for a reference that talks to queue and blobs itself. */
  dapr: v.exactOptional(v.boolean()),
  /**
   * What its orders travel by: `queues` and Dapr's bindings unless said otherwise, or `topics`, whose subscriptions its apps
   * take in bulk.
   */
  transport: v.exactOptional(v.picklist(['queues', 'topics'])),
  /** Processes an app id, each with a daprd of its own; 1 unless said otherwise. */
  replicas: v.exactOptional(POSITIVE),
  /** `contender` of deploy/chart that it is installed as; without it, it does not run on a cluster. */
  chart: v.exactOptional(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]*$/))),
  /** What it is started as, where that is not the pipeline's three app ids. */
  appIds: v.exactOptional(filled(TEXT)),
  /** Folder of the same flavour's Order API, which has a descriptor of its own. */
  orderApi: v.exactOptional(TEXT),
  /** Messages that each daprd holds, and calls to its app, at once; otherwise what dapr-components/ says. */
  handlers: v.exactOptional(POSITIVE),
  /** What it sets of Spin; only with `{spin}`. */
  spin: v.exactOptional(SPIN_SETTINGS),
  /** Anything else that its results shall record. */
  settings: v.exactOptional(ANYTHING),
});

/** What a contender's descriptor says. */
export interface ContenderDescriptor extends v.InferOutput<typeof CONTENDER_DESCRIPTOR> {}

/** A contender and the folder that it runs in. */
export interface Contender extends ContenderDescriptor {
  readonly dir: string;
}

/** All contenders that ship with this checkout, by name. */
export async function listContenders(): Promise<Contender[]> {
  const folders = [join(checkoutDir, 'apps'), join(checkoutDir, 'bench')];
  const found = await Promise.all(
    folders.map(async folder => {
      const entries = await readdir(folder, { recursive: false, withFileTypes: true });
      return entries.filter(entry => entry.isDirectory()).map(entry => join(folder, entry.name, DESCRIPTOR));
    }),
  );
  const contenders = await Promise.all(found.flat().map(file => readDescriptor(file)));
  return contenders.filter(contender => contender !== undefined).sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Finds a contender by its name in this checkout, or by the path of a folder with a descriptor.
 *
 * @throws UsageError naming what there is.
 */
export async function findContender(nameOrFolder: string): Promise<Contender> {
  const shipped = await listContenders();
  const byName = shipped.find(({ name }) => name === nameOrFolder);
  if (byName) return byName;
  const byFolder = await readDescriptor(resolve(nameOrFolder, DESCRIPTOR));
  if (byFolder) return byFolder;
  const names = shipped.map(({ name }) => name).join(', ');
  throw new UsageError(
    nameOrFolder.includes(',')
      ? `no contender '${nameOrFolder}': separate names by blanks, as in ${nameOrFolder.replaceAll(/, */g, ' ')}`
      : `no contender '${nameOrFolder}': there are ${names}; or name a folder that holds a ${DESCRIPTOR}`,
  );
}

/** A contender with a run's settings in place of its own. Settings of Spin are left out where it does not run on Spin. */
export function tuned(contender: Contender, { replicas, handlers, spin }: Tuning): Contender {
  return {
    ...contender,
    ...(replicas === undefined ? {} : { replicas }),
    ...(handlers === undefined ? {} : { handlers }),
    ...(usesSpin(contender) ? { spin: { ...contender.spin, ...spin } } : {}),
  };
}

/** Whether a contender runs on Spin, or on the stand-in for it. */
export function usesSpin({ start }: ContenderDescriptor): boolean {
  return start[0] === '{spin}';
}

/** Whether a contender runs on the Node that all Node contenders of this project share. */
export function usesNode({ start }: ContenderDescriptor): boolean {
  return start[0] === '{node}';
}

/** The manifest that a Spin contender starts from: what follows `--from`, else the spin.toml of its folder. */
export function spinManifest({ dir, start }: Contender): string {
  const at = start.indexOf('--from');
  return resolve(dir, (at < 0 ? undefined : start[at + 1]) ?? 'spin.toml');
}

async function readDescriptor(file: string): Promise<Contender | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  let descriptor: unknown;
  try {
    descriptor = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
  const faults = faultsIn(CONTENDER_DESCRIPTOR, descriptor);
  if (faults.length > 0) throw new UsageError(`${file}: ${faults.join('; ')}`);
  const contender = { ...(descriptor as ContenderDescriptor), dir: dirname(file) };
  if (contender.spin && !usesSpin(contender)) {
    throw new UsageError(`${file}: it sets 'spin', but its start does not begin with {spin}`);
  }
  return contender;
}
