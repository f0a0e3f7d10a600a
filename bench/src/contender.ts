import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RigApp } from '@order-bench/rig';
import { checkoutDir } from '@order-bench/rig';
import type { Runtime } from './runtime.js';
import { schemaValidator } from './schema.js';
import { type SpinSettings, spinSetup } from './spin-settings.js';
import type { Tuning } from './tuning.js';
import { UsageError } from './usage-error.js';

/** The file that makes a folder a contender; its shape is published as schemas/contender.schema.json. */
export const DESCRIPTOR = 'contender.json';

/**
 * What a contender's descriptor says. Values of `start` and `env` may hold `{appId}`, `{port}` and the other addresses;
 * those of `env` also `{daprApiToken}` and `{appApiToken}`.
 */
export interface ContenderDescriptor {
  readonly name: string;
  readonly description: string;
  readonly runtime: string;
  /** Run in the contender's folder before anything is started. */
  readonly build?: readonly string[];
  /**
   * Starts one app id. A first word `{spin}` stands for Spin or the stand-in for it, whose `up` then takes further flags,
   * `{node}` for the Node that the Node contenders run on.
   */
  readonly start: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly healthPath: string;
  /** False for a reference that talks to queue and blobs itself. */
  readonly dapr?: boolean;
  /** Processes an app id, each with a daprd of its own; 1 unless said otherwise. */
  readonly replicas?: number;
  /** `contender` of deploy/chart that it is installed as; without it, it does not run on Azure. */
  readonly chart?: string;
  /** Messages that each daprd holds, and calls to its app, at once; otherwise what dapr-components/ says. */
  readonly handlers?: number;
  /** What it sets of Spin; only with `{spin}`. */
  readonly spin?: SpinSettings;
  /** Anything else that its results shall record. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A contender and the folder that it runs in. */
export interface Contender extends ContenderDescriptor {
  readonly dir: string;
}

const faultsOf = schemaValidator('contender.schema.json');

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
  throw new UsageError(
    `no contender '${nameOrFolder}': there are ${shipped.map(({ name }) => name).join(', ')}; or name a folder that holds a ${DESCRIPTOR}`,
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

/** The three apps of a contender (one for a contender without Dapr), as the rig starts them. */
export function appsOf(contender: Contender, appIds: readonly string[], runtime: Runtime): RigApp[] {
  const dapr = contender.dapr ?? true;
  const setup = spinSetup(contender.spin ?? {});
  return (dapr ? appIds : ['direct']).map(appId => ({
    appId,
    healthPath: contender.healthPath,
    dapr,
    replicas: contender.replicas ?? 1,
    launch: addresses => ({
      command: [
        ...contender.start.flatMap(word => (isRuntime(word) ? runtime.command : [fill(word, { ...addresses })])),
        ...setup.args,
        // Spin's logs of guests and its stores; by itself it makes a `.spin` beside the manifest.
        ...(runtime.kind === 'spin' ? ['--state-dir', addresses.stateDir] : []),
      ],
      cwd: contender.dir,
      env: {
        ...runtime.env,
        ...setup.env,
        ...Object.fromEntries(
          Object.entries(contender.env ?? {}).map(([key, value]) => [
            key,
            fill(value, { ...addresses, ...apiTokens(process.env) }),
          ]),
        ),
      },
    }),
  }));
}

/** Whether a contender runs on Spin, or on the stand-in for it. */
export function usesSpin({ start }: ContenderDescriptor): boolean {
  return start[0] === '{spin}';
}

/** Whether a contender runs on the Node that all Node contenders of this project share. */
export function usesNode({ start }: ContenderDescriptor): boolean {
  return start[0] === '{node}';
}

function isRuntime(word: string): boolean {
  return word === '{spin}' || word === '{node}';
}

/** The manifest that a Spin contender starts from: what follows `--from`, else the spin.toml of its folder. */
export function spinManifest({ dir, start }: Contender): string {
  const at = start.indexOf('--from');
  return resolve(dir, (at < 0 ? undefined : start[at + 1]) ?? 'spin.toml');
}

/** Dapr's tokens as the user's environment has them, where daprd too takes them from; empty where they are not set. */
export function apiTokens({ DAPR_API_TOKEN = '', APP_API_TOKEN = '' }: NodeJS.ProcessEnv): {
  readonly daprApiToken: string;
  readonly appApiToken: string;
} {
  return { daprApiToken: DAPR_API_TOKEN, appApiToken: APP_API_TOKEN };
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, key: string) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value === undefined) {
      throw new UsageError(
        `unknown placeholder ${placeholder} in a ${DESCRIPTOR}: there are ${Object.keys(values).join(', ')}`,
      );
    }
    return String(value);
  });
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
  const faults = faultsOf(descriptor);
  if (faults.length > 0) throw new UsageError(`${file}: ${faults.join('; ')}`);
  const contender = { ...(descriptor as ContenderDescriptor), dir: dirname(file) };
  if (contender.spin && !usesSpin(contender)) {
    throw new UsageError(`${file}: it sets 'spin', but its start does not begin with {spin}`);
  }
  return contender;
}
