import { chmod, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { privateTempDir } from './private-temp-dir.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'private-'));
  vi.stubEnv('TMPDIR', dir);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});

test('only its owner may enter it, and it is the same each time', async () => {
  const found = await privateTempDir();
  expect((await stat(found)).mode & 0o777).toBe(0o700);
  expect(await privateTempDir()).toBe(found);
});

test('it needs no name of the user, as in a container', async () => {
  expect(await privateTempDir()).toBe(join(dir, `order-bench-${process.getuid?.()}`));
});

test('where its path is too long for a socket, that is said with what to do', async () => {
  vi.stubEnv('TMPDIR', join(dir, 'x'.repeat(60)));
  await expect(privateTempDir()).rejects.toThrow(/bytes long, .* set TMPDIR to a shorter path/);
});

test('one that others may enter is refused', async () => {
  await chmod(await privateTempDir(), 0o755);
  await expect(privateTempDir()).rejects.toThrow('set TMPDIR to a folder of your own');
});

test('a link that somebody laid in its place is refused', async () => {
  const found = await privateTempDir();
  await rm(found, { recursive: true });
  await symlink(dir, found);
  await expect(privateTempDir()).rejects.toThrow('remove it');
});
