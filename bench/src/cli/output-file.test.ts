import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mustBeWritable } from './output-file.js';

it('a file to write is looked at before the work for it is done', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'output-'));
  await expect(mustBeWritable(join(dir, 'results.csv'))).resolves.toBeUndefined();
  await expect(mustBeWritable(dir)).rejects.toThrow("can't be written (it is a folder): name another --out");
  await expect(mustBeWritable(join(dir, 'none', 'results.csv'))).rejects.toThrow('name another --out');
});
