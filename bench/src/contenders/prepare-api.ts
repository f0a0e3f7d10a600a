import { join } from 'node:path';
import { UsageError } from '../text/usage-error.js';
import type { ReadyContender } from './build.js';
import { findContender } from './contender.js';
import { prepare, type Wanted } from './prepare.js';
import { splitContender } from './runtime.js';

/** A contender and the Order API of its flavour, ready for a rig. */
export interface PreparedApi {
  readonly pipeline: ReadyContender;
  readonly api: ReadyContender;
  /** The daprd program and any arguments before the rig's own. */
  readonly daprd: readonly string[];
}

/**
 * Finds or builds a contender, the Order API that its descriptor names, and daprd.
 *
 * @param name may have `@<runtime>` behind it, which both then run on.
 * @param runtime as of `prepare`.
 * @throws UsageError where the contender has no Order API, beside what `prepare` throws.
 */
export async function prepareApi(name: string, runtime: Wanted['runtime'] = []): Promise<PreparedApi> {
  const { nameOrFolder, runtime: wanted } = splitContender(name);
  const { orderApi, dir } = await findContender(nameOrFolder);
  if (orderApi === undefined) throw new UsageError(`${name} has no Order API: express-ts and spin-ts have one`);
  const api = join(dir, orderApi) + (wanted === undefined ? '' : `@${wanted}`);
  const prepared = await prepare({ contenders: [name, api], runtime });
  const [pipeline, ready] = [...prepared.contenders.values()];
  if (!pipeline || !ready) throw new UsageError(`${name} has no Order API in ${orderApi}`);
  return { pipeline, api: ready, daprd: prepared.daprd.command };
}
