import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentHash } from './content-hash.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'content-hash-'));
  await mkdir(join(dir, 'src', 'deep'), { recursive: true });
  await writeFile(join(dir, 'src', 'main.rs'), 'fn main() {}');
  await writeFile(join(dir, 'src', 'deep', 'b.rs'), 'b');
});

afterEach(() => rm(dir, { recursive: true, force: true }));

test('the hash stays when files are written anew or moved elsewhere as a whole', async () => {
  const before = await contentHash([join(dir, 'src')]);
  await utimes(join(dir, 'src', 'main.rs'), 1, 1);
  await rename(join(dir, 'src'), join(dir, 'elsewhere'));
  expect(await contentHash([join(dir, 'elsewhere')])).toBe(before);
});

test('the hash changes with a byte, a name, a new file, a setting', async () => {
  const src = join(dir, 'src');
  const hashes = [await contentHash([src]), await contentHash([src], ['go1.26'])];
  await writeFile(join(src, 'deep', 'b.rs'), 'B');
  hashes.push(await contentHash([src]));
  await rename(join(src, 'deep', 'b.rs'), join(src, 'deep', 'c.rs'));
  hashes.push(await contentHash([src]));
  await writeFile(join(src, 'new.rs'), '');
  hashes.push(await contentHash([src]));
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('what builds write into the sources does not count', async () => {
  const before = await contentHash([dir]);
  await mkdir(join(dir, 'src', 'target'));
  await writeFile(join(dir, 'src', 'target', 'main.o'), 'x');
  expect(await contentHash([dir])).toBe(before);
});

test('single files may be given beside folders', async () => {
  const before = await contentHash([join(dir, 'src', 'main.rs'), join(dir, 'src', 'deep')]);
  await writeFile(join(dir, 'src', 'main.rs'), 'fn other() {}');
  expect(await contentHash([join(dir, 'src', 'main.rs'), join(dir, 'src', 'deep')])).not.toBe(before);
});
