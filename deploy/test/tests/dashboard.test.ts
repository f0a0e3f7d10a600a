import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { dashboardCheck } from '../src/tools.js';

const FILE = join(checkoutDir, 'deploy', 'grafana', 'order-bench.json');

test('Grafana’s own SDK knows every field of the dashboard', async () => {
  const { exitCode, all } = await check(await readFile(FILE, 'utf8'));
  expect(exitCode, all).toBe(0);
});

test('Grafana’s own SDK refuses a field that it does not know', async () => {
  const dashboard = JSON.parse(await readFile(FILE, 'utf8')) as object;
  const { exitCode, all } = await check(JSON.stringify({ ...dashboard, pannels: [] }));
  expect(exitCode).toBe(1);
  expect(all).toContain('pannels');
});

async function check(input: string) {
  return execa(await dashboardCheck(), [], { input, reject: false, all: true });
}
