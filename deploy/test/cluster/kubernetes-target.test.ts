import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BENCH_CONTENDERS, installFixed, installScaled, startBenchCluster } from '../src/node/bench-cluster.js';
import { whyNoNode } from '../src/node/namespaces.js';
import type { TestCluster } from '../src/node/test-cluster.js';

const obstacle = await whyNoNode();
if (obstacle !== undefined) console.warn(`Skipped: bench on a real node. ${obstacle}`);
/** Set by .ci/run: building KEDA and two bursts take 9 minutes and more. */
const { WITHOUT_KEDA } = process.env;
if (WITHOUT_KEDA) console.warn(`Skipped: bench scale. ${WITHOUT_KEDA}`);

const LONG = { timeout: 1_800_000 };
const [express] = BENCH_CONTENDERS;
if (!express) throw new Error('there is no contender for the node');

describe.skipIf(obstacle !== undefined)('bench on a real node, with broker and blob server inside the cluster', () => {
  let node: TestCluster;
  let results: string;

  beforeAll(async () => {
    results = await mkdtemp(join(tmpdir(), 'node-results-'));
    node = await startBenchCluster();
  });

  afterAll(async () => {
    await node?.cluster.stop();
    await rm(results, { recursive: true, force: true });
  });

  test('bench run: 1,000 orders, each looked up, with the CPU of the pods', async () => {
    const release = await installFixed(node, express);
    await bench('run', '--contenders', express.name, '--orders', '1000', '--warm-up', '200');
    expect(await release.uninstall()).toEqual([]);
    const [result] = await stored('single');
    expect(result).toMatchObject({
      target: 'kubernetes',
      status: 'complete',
      timing: { resolution: 'exact' },
      correctness: { written: 1000, missing: 0, duplicateWrites: 0 },
      settings: { nodes: 1, host: 'kubernetes' },
    });
    const spent = (role: string) => result?.processes.filter(each => each.role === role).map(({ cpuMs }) => cpuMs);
    for (const role of ['app', 'dapr', 'rig']) expect(Math.min(...(spent(role) ?? []))).toBeGreaterThan(0);
  });

  // KEDA is built here where the cache has none. An autoscaler looks every 15 s: one pod must not be able to drain the burst
  // before its second pod is there, which it once did with 3,000 orders.
  test.skipIf(WITHOUT_KEDA)('bench scale: KEDA scales from one pod and from none, and both drain', LONG, async () => {
    const [release] = await installScaled(node, [express]);
    await bench('scale', '--contenders', express.name, '--orders', '10000', '--runs', '1');
    expect(await release?.uninstall()).toEqual([]);
    const found = await stored('scale');
    expect(found.map(({ scaling }) => scaling?.from).sort()).toEqual([0, 1]);
    for (const { status, scaling, settings } of found) {
      expect(status).toBe('complete');
      expect(settings.keda).toMatchObject({ version: expect.stringMatching(/^2\./) });
      expect(scaling?.roles.some(({ reached }) => reached.length > 0)).toBe(true);
    }
  });

  function bench(...args: readonly string[]): Promise<string> {
    const { cluster } = node;
    const program = [process.execPath, join(checkoutDir, 'bench', 'dist', 'main.js')] as const;
    return cluster.namespaces.run({
      command: [...program, ...args, '--target', 'kubernetes', '--results', results],
      env: cluster.env,
    });
  }

  async function stored(kind: string): Promise<Stored[]> {
    const files = await readdir(join(results, kind), { recursive: true });
    const names = files.filter(file => file.endsWith('.json') && !file.endsWith('sweep.json'));
    return Promise.all(
      names.map(async name => JSON.parse(await readFile(join(results, kind, name), 'utf8')) as Stored),
    );
  }
});

/** What is looked at of a result. */
interface Stored {
  readonly status: string;
  readonly processes: readonly { readonly role: string; readonly cpuMs: number }[];
  readonly settings: { readonly keda?: unknown };
  readonly scaling?: {
    readonly from: number;
    readonly roles: readonly { readonly reached: readonly unknown[] }[];
  };
}
