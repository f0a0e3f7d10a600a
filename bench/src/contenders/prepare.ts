import { findDaprd, type Tool } from '@order-bench/rig';
import { UsageError } from '../text/usage-error.js';
import { buildContender, type ReadyContender } from './build.js';
import { findContender } from './contender.js';
import { contenderLabel, findRuntime, namedRuntimes, splitContender } from './runtime.js';

/** Everything that runs need, found or built. */
export interface Prepared {
  readonly daprd: Tool;
  /** By name, in the order in which they were asked for. */
  readonly contenders: ReadonlyMap<string, ReadyContender>;
}

/** What a command was asked to run. */
export interface Wanted {
  /** Names or folders, each with `@<runtime>` behind it where it shall run on another runtime than usual. */
  readonly contenders: readonly string[];
  /** `<name>=<path>` of programs beside those of `runtimes.json`. */
  readonly runtime: readonly string[];
}

/**
 * Finds or builds daprd and what the contenders run on, and builds the contenders.
 *
 * @throws UsageError for an unknown contender or runtime, or two of one name; ToolMissing where a tool can be neither found
 *   nor built.
 */
export async function prepare(wanted: Wanted): Promise<Prepared> {
  const contenders = await findContenders(wanted);
  const daprd = await findDaprd();
  return { daprd, contenders: await build(contenders) };
}

/**
 * The same without daprd, for what runs contenders without it.
 *
 * @throws as `prepare`.
 */
export async function prepareContenders(wanted: Wanted): Promise<Prepared['contenders']> {
  return build(await findContenders(wanted));
}

async function findContenders({ contenders, runtime }: Wanted): Promise<ReadyContender[]> {
  const named = await namedRuntimes(runtime);
  const found: ReadyContender[] = [];
  for (const text of contenders) {
    const { nameOrFolder, runtime: wanted } = splitContender(text);
    const contender = await findContender(nameOrFolder);
    const runtime = await findRuntime(contender, wanted, named);
    const name = contenderLabel(contender.name, runtime);
    if (found.some(other => other.contender.name === name))
      throw new UsageError(`${name} is there twice: name each contender once`);
    found.push({ contender: { ...contender, name }, runtime });
  }
  return found;
}

async function build(found: readonly ReadyContender[]): Promise<Prepared['contenders']> {
  for (const ready of found) await buildContender(ready);
  return new Map(found.map(ready => [ready.contender.name, ready]));
}
