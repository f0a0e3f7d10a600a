import { join } from 'node:path';
import { UsageError } from '../text/usage-error.js';
import type { ReadyContender } from './build.js';
import { findContender } from './contender.js';
import { prepare } from './prepare.js';

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
 * @throws UsageError where the contender has no Order API, beside what `prepare` throws.
 */
export async function prepareApi(name: string): Promise<PreparedApi> {
  const { orderApi, dir } = await findContender(name);
  if (orderApi === undefined) throw new UsageError(`${name} has no Order API: express-ts and spin-ts have one`);
  const prepared = await prepare({ contenders: [name, join(dir, orderApi)], runtime: [] });
  const [pipeline, api] = [...prepared.contenders.values()];
  if (!pipeline || !api) throw new UsageError(`${name} has no Order API in ${orderApi}`);
  return { pipeline, api, daprd: prepared.daprd.command };
}
