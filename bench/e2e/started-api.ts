import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareApi } from '../src/contenders/prepare-api.js';
import { startApiRig } from '../src/sites/rig/api-rig.js';

/** For tests: a running Order API. */
export interface ApiUnderTest {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** For tests: starts the Order API in front of a contender; components are built first where they are not. */
export async function startApi(contender: string, allowOrigin: readonly string[] = []): Promise<ApiUnderTest> {
  const token = randomBytes(16).toString('hex');
  const runDir = await mkdtemp(join(tmpdir(), 'order-bench-test-'));
  const { rig, url } = await startApiRig({ ...(await prepareApi(contender)), runDir, token, allowOrigin });
  return { url, token, stop: () => rig.stop() };
}
