import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findContender } from './contender.js';
import { newContender } from './new-contender.js';

let appsDir: string;

beforeEach(async () => {
  appsDir = await mkdtemp(join(tmpdir(), 'apps-'));
});

afterEach(() => rm(appsDir, { recursive: true, force: true }));

test.for(['express-ts', 'null-ts', 'spin-ts'])(
  '%s becomes a contender of another name, with its tests and without what was built',
  async name => {
    const from = await findContender(name);
    const dir = await newContender({ name: 'my-app', from, appsDir });
    const contender = await findContender(dir);
    expect(contender).toMatchObject({ name: 'my-app', description: `Made from ${name}`, start: from.start });
    expect(contender).not.toHaveProperty('chart');
    expect(contender).not.toHaveProperty('isFloor');
    const files = await readdir(dir, { recursive: true });
    expect(files.filter(file => file.endsWith('.test.ts'))).not.toEqual([]);
    expect(files.filter(file => /^(dist|node_modules)/.test(file))).toEqual([]);
    expect(JSON.parse(await readFile(join(dir, 'package.json'), 'utf8'))).toMatchObject({
      name: '@order-bench/my-app',
    });
  },
);

test('a name that is taken, or that none can have, is refused', async () => {
  const from = await findContender('null-ts');
  await newContender({ name: 'my-app', from, appsDir });
  await expect(newContender({ name: 'my-app', from, appsDir })).rejects.toThrow('take another name');
  for (const name of ['My App', '../elsewhere', '', '-x'])
    await expect(newContender({ name, from, appsDir })).rejects.toThrow('small letters');
});
