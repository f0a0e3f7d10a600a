import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { executablesNamed, isAtLeast, programVersion } from './program-version.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'program-version-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

test.each([
  ['1.18.0', '1.15.0', true],
  ['1.15.0', '1.15.0', true],
  ['1.9.9', '1.15.0', false],
  ['2.0', '1.15.0', true],
  ['3.4', '3.4.0', true],
  ['3.3.9', '3.4.0', false],
])('version %s is at least %s: %s', (version, minimum, expected) => {
  expect(isAtLeast(version, minimum)).toBe(expected);
});

test('the version is found in what a program prints about itself', async () => {
  await script('spin', 'echo "spin 3.6.3 (abcdef1 2026-01-01)"');
  expect(await programVersion(join(dir, 'spin'))).toBe('3.6.3');
});

test('the version may be told where faults are told', async () => {
  await script('kube-router', 'echo "Running kube-router version v2.1.0" >&2');
  expect(await programVersion(join(dir, 'kube-router'))).toBe('2.1.0');
});

test('a program that is missing, fails or prints no version has none', async () => {
  await script('fails', 'echo 1.2.3; exit 1');
  await script('mute', 'true');
  await writeFile(join(dir, 'garbage'), '\0\0', { mode: 0o755 });
  for (const name of ['absent', 'fails', 'mute', 'garbage'])
    expect(await programVersion(join(dir, name))).toBeUndefined();
});

test('executables are searched on PATH; files not for running are passed over', async () => {
  await script('spin', 'echo 3.6.3');
  vi.stubEnv('PATH', ['/nonexistent', dir].join(delimiter));
  expect(await executablesNamed('spin')).toEqual([join(dir, 'spin')]);
  await chmod(join(dir, 'spin'), 0o644);
  expect(await executablesNamed('spin')).toEqual([]);
});

function script(name: string, body: string): Promise<void> {
  return writeFile(join(dir, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}
