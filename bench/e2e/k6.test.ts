import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOrders } from '@order-bench/generator';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { prepare } from '../src/contenders/prepare.js';
import { prepareApi } from '../src/contenders/prepare-api.js';
import { dataOf, fillApi, type ReadOrder } from '../src/edge/api-data.js';
import { startApiEdge } from '../src/edge/api-edge.js';
import { startEdge } from '../src/edge/start-edge.js';

const bench = (...args: string[]) =>
  execa('node', [join(checkoutDir, 'bench/dist/main.js'), 'k6', ...args], { reject: false, all: true });

it.each([
  ['an unknown test', ['--test', 'speed'], "no test 'speed'"],
  ['a measurement that has no use for daprd', ['--test', 'density', '--behind', 'daprd'], '--behind daprd'],
  ['a setting of the stub for daprd', ['--behind', 'daprd', '--dapr-latency-ms', '5'], '--behind dapr-null'],
  ['a contender without an Order API', ['--test', 'api-command', '--contenders', 'null-ts'], 'has no Order API'],
  [
    'what is of one app alone to a test of an Order API',
    ['--test', 'api-query', '--roles', 'distributor', '--behind', 'daprd', '--clients', '4'],
    'leave out --roles, --clients and --behind',
  ],
  ['a rate to an import', ['--test', 'api-import', '--rate', '5'], 'leave out --rate'],
  ['an unknown contender', ['--contenders', 'nobody'], "no contender 'nobody'"],
])('answers %s with a line and exit code 2', async (_, args, told) => {
  const { exitCode, all = '' } = await bench(...args);
  expect(exitCode, all).toBe(2);
  expect(all).toContain(told);
  expect(all.trimEnd().split('\n')).toHaveLength(1);
});

it('puts a real daprd behind an app, which then takes an order', { timeout: 300_000 }, async () => {
  const { daprd, contenders } = await prepare({ contenders: ['express-ts'], runtime: [] });
  const ready = contenders.get('express-ts');
  if (!ready) throw new Error('express-ts is not there');
  const dir = await mkdtemp(join(tmpdir(), 'edge-'));
  const edge = await startEdge({
    ready,
    role: 'distributor',
    behind: { kind: 'daprd', tool: daprd },
    cores: null,
    dir,
  });
  try {
    const response = await fetch(`${edge.url}/q-order-ingress`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: makeOrders({ count: 1, seed: 1 })[0]?.body ?? null,
    });
    expect(response.status, await response.text()).toBe(200);
    expect(edge.appGroups.size).toBe(1);
    // daprd, broker and blob server.
    expect(edge.behindGroups.size).toBe(3);
  } finally {
    await edge.stop();
  }
});

it('fills a whole Order API with orders that are written, some of them read before', {
  timeout: 300_000,
}, async () => {
  const edge = await startApiEdge(await prepareApi('express-ts'), await mkdtemp(join(tmpdir(), 'edge-')));
  try {
    expect([edge.apiGroups.size, edge.appGroups.size, edge.daprdGroups.size]).toEqual([1, 6, 6]);
    // The daprds, broker and blob server.
    expect(edge.behindGroups.size).toBe(8);
    const signal = AbortSignal.timeout(240_000);
    const api = await fillApi(edge, { unread: 5, seed: 1, signal });
    const asked = { api, seed: 1, first: 0, count: 5 };
    const unread = dataOf('unread-orders', asked) as readonly ReadOrder[];
    const cacheStatusOf = async ({ path }: Pick<ReadOrder, 'path'>) => {
      const { status, text, headers } = await edge.client.call(path);
      expect([status, text]).toEqual([200, expect.stringContaining('"status":"written"')]);
      return headers.get('cache-status');
    };
    for (const order of unread) expect(await cacheStatusOf(order)).toContain('uri-miss');
    for (const order of api.read) {
      expect(await cacheStatusOf(order)).toContain('hit');
      const known = await edge.client.call(order.path, { headers: { 'if-none-match': order.etag } });
      expect(known.status).toBe(304);
    }
  } finally {
    await edge.stop();
  }
});
