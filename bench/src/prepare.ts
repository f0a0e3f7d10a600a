import { findDaprd, findSpin, type Tool } from '@order-bench/rig';
import { buildContender } from './build.js';
import { type Contender, findContender, usesSpin } from './contender.js';
import { type SpinHost, spinHost } from './spin-host.js';

/** A contender that is built, with what its processes need. */
export interface ReadyContender {
  readonly contender: Contender;
  /** Present where the contender's start begins with `{spin}`. */
  readonly spin?: SpinHost;
}

/** Everything that runs need, found or built. */
export interface Prepared {
  readonly daprd: Tool;
  readonly contenders: readonly ReadyContender[];
}

/**
 * Finds or builds daprd and, where a contender wants it, Spin or the local host; builds the contenders.
 *
 * @throws UsageError for an unknown contender, ToolMissing where a tool can be neither found nor built.
 */
export async function prepare(namesOrFolders: readonly string[]): Promise<Prepared> {
  const contenders = await Promise.all(namesOrFolders.map(findContender));
  const daprd = await findDaprd();
  return { daprd, contenders: await build(contenders) };
}

/**
 * The same without daprd, for what runs contenders without it.
 *
 * @throws UsageError for an unknown contender, ToolMissing where a tool can be neither found nor built.
 */
export async function prepareContenders(namesOrFolders: readonly string[]): Promise<ReadyContender[]> {
  return build(await Promise.all(namesOrFolders.map(findContender)));
}

async function build(contenders: readonly Contender[]): Promise<ReadyContender[]> {
  const spin = contenders.some(usesSpin) ? await findSpin() : undefined;
  for (const contender of contenders) await buildContender(contender, spin);
  const host = spin && (await spinHost(spin));
  return contenders.map(contender => ({ contender, ...(host && usesSpin(contender) ? { spin: host } : {}) }));
}
