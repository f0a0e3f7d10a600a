import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { checkoutDir, compiledComponentsDir, findSpin, standIn, type Tool, ToolMissing } from '@order-bench/rig';
import { execa } from 'execa';
import * as v from 'valibot';
import { TEXT } from '../text/shape.js';
import { UsageError } from '../text/usage-error.js';
import { type Contender, usesNode, usesSpin } from './contender.js';

/** The shape of what a result keeps of a runtime. */
export const RUNTIME_FACTS = v.strictObject({
  /** As a plan names it, `spin-3.6` or `node-24`; `stand-in` for local/spin-host. */
  name: TEXT,
  /** `stand-in`: a figure of it is never one of Spin. `other`: a program of the contender's own. */
  kind: v.picklist(['spin', 'stand-in', 'node', 'other']),
  /** As in `3.6.3`; null where it is not known. */
  version: v.nullable(v.string()),
});

/** What ran the contender's apps: a part of the contender. */
export interface RuntimeFacts extends v.InferOutput<typeof RUNTIME_FACTS> {}

/** What runs a contender's apps: a version of Spin, the stand-in for it, or a version of Node. A part of the contender. */
export interface Runtime extends RuntimeFacts {
  /** The program; arguments follow. Empty for a contender that starts by a command of its own. */
  readonly command: readonly string[];
  /** Added to the environment of each of its processes. */
  readonly env: Readonly<Record<string, string>>;
  /** What the stand-in says of itself; null for the others. */
  readonly info: unknown;
}

/** Programs by the names that plans know them by, as in `spin-3.6`. */
export type NamedRuntimes = ReadonlyMap<string, string>;

/** The file of a checkout that names runtimes; git ignores it, for its paths are those of one machine. */
const RUNTIMES_FILE = 'runtimes.json';

/** The name of local/spin-host as a runtime. */
export const STAND_IN = 'stand-in';

/**
 * The programs that `--runtime <name>=<path>` and the checkout's `runtimes.json` name; the flag goes first.
 *
 * @throws UsageError for a flag or a file that does not say so, or a path with nothing there.
 */
export async function namedRuntimes(flags: readonly string[]): Promise<NamedRuntimes> {
  const given = flags.map((text): [string, string] => {
    const [, name, path] = /^([a-z0-9][a-z0-9.-]*)=(.+)$/.exec(text) ?? [];
    if (name === undefined || path === undefined)
      throw new UsageError(`--runtime ${text}: it takes <name>=<path>, as in spin-3.6=/opt/spin-3.6/spin`);
    return [name, resolve(path)];
  });
  const named = new Map([...(await fileRuntimes()), ...given]);
  for (const [name, path] of named) {
    if (!existsSync(path)) throw new UsageError(`runtime ${name}: there is no ${path}`);
  }
  return named;
}

const RUNTIMES_SHAPE = v.record(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]*$/)), v.string());

async function fileRuntimes(): Promise<[string, string][]> {
  const file = join(checkoutDir, RUNTIMES_FILE);
  if (!existsSync(file)) return [];
  try {
    const named = v.parse(RUNTIMES_SHAPE, JSON.parse(await readFile(file, 'utf8')));
    return Object.entries(named).map(([name, path]) => [name, resolve(checkoutDir, path)]);
  } catch (cause) {
    throw new UsageError(`${file} is no object of names and paths, as {"spin-3.6": "/opt/spin-3.6/spin"}`, { cause });
  }
}

/**
 * What runs a contender. Without a wanted name: for Spin the user's `spin`, else the stand-in; for Node the version that this
 * project pins; for anything else the contender's own command.
 *
 * @throws UsageError for a name that nothing is known by, or a program that does not run this contender; ToolMissing where
 *   a tool can be neither found nor built.
 */
export async function findRuntime(
  contender: Contender,
  wanted: string | undefined,
  named: NamedRuntimes,
): Promise<Runtime> {
  if (usesSpin(contender)) {
    if (wanted === undefined) return spinRuntime(await findSpin());
    if (wanted === STAND_IN) return spinRuntime(await standIn());
    return mustRun(contender, await namedRuntime(wanted, named), ['spin', STAND_IN]);
  }
  if (usesNode(contender)) {
    if (wanted === undefined || (wanted === PINNED_NODE && !named.has(wanted))) return pinnedNode();
    return mustRun(contender, await namedRuntime(wanted, named), ['node']);
  }
  if (wanted !== undefined)
    throw new UsageError(`${contender.name} starts by a command of its own: leave out @${wanted}`);
  return { ...OWN, name: contender.runtime };
}

/** A contender's name with what runs it, as results and tables have it; design.md, "Contenders". */
export function contenderLabel(name: string, { kind, name: runtime }: RuntimeFacts): string {
  if (kind === STAND_IN) return `${name} (${STAND_IN})`;
  const isExpected = kind === 'other' || runtime === PINNED_NODE;
  return isExpected ? name : `${name}@${runtime}`;
}

/** A contender's name without what runs it: the same for Spin, of whatever version, and for the stand-in. */
export function baseNameOf({
  contender,
  runtime,
}: {
  readonly contender: string;
  readonly runtime: RuntimeFacts;
}): string {
  const label = contenderLabel('', runtime);
  return contender.endsWith(label) ? contender.slice(0, contender.length - label.length) : contender;
}

/** A name or folder of a contender and the runtime that may follow it, as in `spin-ts@spin-3.6`. */
export function splitContender(text: string): { readonly nameOrFolder: string; readonly runtime?: string } {
  const [, nameOrFolder, runtime] = /^(.+)@([a-z0-9][a-z0-9.-]*)$/.exec(text) ?? [];
  return nameOrFolder === undefined || runtime === undefined ? { nameOrFolder: text } : { nameOrFolder, runtime };
}

/** The facts of a runtime that a result keeps. */
export function runtimeFacts({ name, kind, version }: RuntimeFacts): RuntimeFacts {
  return { name, kind, version };
}

/** A runtime for a person: `spin 3.6.3`, `spin-host 0.1.0 (stand-in)`, `node 24.21.0`. */
export function runtimeTitle({ name, kind, version }: RuntimeFacts): string {
  if (kind === STAND_IN) return `spin-host ${version} (${STAND_IN})`;
  return kind === 'other' ? name : `${kind} ${version}`;
}

const OWN = { kind: 'other', version: null, command: [], env: {}, info: null } as const;
/** Name of the Node that the Node contenders run on: the major version of the packages `node-<platform>` in the project's package.json. */
const PINNED_NODE = 'node-24';

async function pinnedNode(): Promise<Runtime> {
  const name = `node-${process.platform}-${process.arch}`;
  const file = join(checkoutDir, 'package.json');
  const { optionalDependencies } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly optionalDependencies: Readonly<Record<string, string>>;
  };
  const version = optionalDependencies[name];
  if (version === undefined) return ownNode();
  try {
    const program = createRequire(file).resolve(`${name}/bin/node`);
    return { ...OWN, name: PINNED_NODE, kind: 'node', version, command: [program] };
  } catch (cause) {
    throw new ToolMissing(
      `the Node.js that the Node contenders run on (npm package ${name}) is not installed: run 'npm ci --include=optional'`,
      { cause },
    );
  }
}

/** Where no package has the pinned Node: the one that this program runs on, and results name it. */
function ownNode(): Runtime {
  const version = process.versions.node;
  return { ...OWN, name: `node-${version.split('.')[0]}`, kind: 'node', version, command: [process.execPath] };
}

async function spinRuntime(tool: Tool): Promise<Runtime> {
  const [major, minor] = tool.version.split('.');
  return tool.kind === 'user'
    ? { ...OWN, name: `spin-${major}.${minor}`, kind: 'spin', version: tool.version, command: tool.command }
    : standInRuntime(tool.version, tool.command);
}

async function standInRuntime(version: string, command: readonly string[]): Promise<Runtime> {
  const [program = '', ...args] = command;
  const { stdout } = await execa(program, [...args, 'info', '--json']);
  return {
    ...{ name: STAND_IN, kind: STAND_IN, version, command },
    env: { SPIN_HOST_CACHE: compiledComponentsDir() },
    info: JSON.parse(stdout),
  };
}

/** What a program says of itself with `--version`, by kind. */
const KINDS = [
  { kind: STAND_IN, pattern: /^spin-host (\d+\.\d+\.\d+\S*)/ },
  { kind: 'spin', pattern: /^spin (\d+\.\d+\.\d+\S*)/ },
  { kind: 'node', pattern: /^v(\d+\.\d+\.\d+\S*)/ },
] as const;

async function namedRuntime(name: string, named: NamedRuntimes): Promise<Runtime> {
  const path = named.get(name);
  if (path === undefined) {
    const known = [...named.keys(), STAND_IN, PINNED_NODE].join(', ');
    throw new UsageError(
      `no runtime '${name}': there are ${known}; name it by --runtime ${name}=<path> or in ${RUNTIMES_FILE}`,
    );
  }
  const { stdout, failed, shortMessage } = await execa(path, ['--version'], { reject: false, stdin: 'ignore' });
  for (const { kind, pattern } of KINDS) {
    const version = pattern.exec(stdout ?? '')?.[1];
    if (failed || version === undefined) continue;
    return kind === STAND_IN
      ? { ...(await standInRuntime(version, [path])), name }
      : { ...OWN, name, kind, version, command: [path] };
  }
  throw new UsageError(
    `runtime ${name}: ${path} is neither Spin nor Node (${failed ? shortMessage : `--version says '${stdout}'`})`,
  );
}

function mustRun(contender: Contender, runtime: Runtime, kinds: readonly RuntimeFacts['kind'][]): Runtime {
  if (kinds.includes(runtime.kind)) return runtime;
  throw new UsageError(`${contender.name} does not run on ${runtime.name}, which is ${runtimeTitle(runtime)}`);
}
