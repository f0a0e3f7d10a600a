import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOrders } from '@order-bench/generator';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { prepare } from '../src/contenders/prepare.js';
import { startEdge } from '../src/edge/start-edge.js';

const bench = (...args: string[]) =>
  execa('node', [join(checkoutDir, 'bench/dist/main.js'), 'k6', ...args], { reject: false, all: true });

it.each([
  ['an unknown test', ['--test', 'speed'], "no test 'speed'"],
  ['a measurement that has no use for daprd', ['--test', 'density', '--behind', 'daprd'], '--behind daprd'],
  ['a setting of the stub for daprd', ['--behind', 'daprd', '--dapr-latency-ms', '5'], '--behind dapr-null'],
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
