import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { actionlint } from '../src/tools.js';

const WORKFLOWS = join(checkoutDir, '.github', 'workflows');

test('actionlint finds nothing in the workflows', async () => {
  const files = (await readdir(WORKFLOWS)).map(name => join(WORKFLOWS, name));
  expect(files).not.toEqual([]);
  const { exitCode, all } = await execa(await actionlint(), files, { reject: false, all: true });
  expect(exitCode, all).toBe(0);
});

test('actionlint refuses a workflow that names a job which is not there', async () => {
  const workflow = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    needs: b\n    steps: [{ run: "true" }]\n';
  const { exitCode, all } = await execa(await actionlint(), ['-'], { input: workflow, reject: false, all: true });
  expect(exitCode, all).toBe(1);
});
