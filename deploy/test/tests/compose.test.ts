import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeReader } from '../src/tools.js';

const FILE = join(checkoutDir, 'compose.yaml');

test('Compose’s own reader takes compose.yaml, and what it builds from is there', async () => {
  const { exitCode, all, stdout } = await read(await readFile(FILE, 'utf8'));
  expect(exitCode, all).toBe(0);
  const { services } = parse(stdout) as { readonly services: Readonly<Record<string, Service>> };
  expect(Object.keys(services)).toHaveLength(8);
  for (const { build } of Object.values(services)) {
    expect(build.context).toBe(checkoutDir);
    expect(existsSync(join(checkoutDir, build.dockerfile))).toBe(true);
  }
  // What it makes of the text in the file is what daprd will read: no variable of Compose in it.
  expect(stdout).toContain('Endpoint=sb://broker:5672;');
});

test('Compose’s own reader refuses a service that waits for one that is not there', async () => {
  const text = (await readFile(FILE, 'utf8')).replace(
    '    depends_on:\n',
    '    depends_on:\n      nobody:\n        condition: service_healthy\n',
  );
  const { exitCode, all } = await read(text);
  expect(exitCode).not.toBe(0);
  expect(all).toContain('nobody');
});

interface Service {
  readonly build: { readonly context: string; readonly dockerfile: string };
}

/** As `docker compose config` would, in the checkout's folder. */
async function read(input: string) {
  return execa(await composeReader(), [], { cwd: checkoutDir, input, reject: false, all: true });
}
