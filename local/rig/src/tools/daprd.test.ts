import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findDaprd, namedDaprd } from './daprd.js';
import { ToolMissing } from './tool.js';

let dir: string;
let daprd: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'daprd-'));
  daprd = join(dir, 'daprd');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

test('a daprd on PATH is not taken', async () => {
  await program('echo 1.18.3');
  vi.stubEnv('PATH', [dir, process.env.PATH].join(delimiter));
  vi.stubEnv('DAPRD', undefined);
  expect(await namedDaprd()).toBeUndefined();
});

test('DAPRD names the one that is run, with a warning', async () => {
  await program('echo 1.17.2');
  vi.stubEnv('DAPRD', daprd);
  let warning = '';
  const tool = await findDaprd({
    write: text => {
      warning += text;
    },
  });
  expect(tool).toEqual({ kind: 'user', path: daprd, version: '1.17.2', command: [daprd] });
  expect(warning).toContain(`warning: DAPRD is ${daprd} (1.17.2)`);
  expect(warning).toContain('docs/reliability.md');
});

test('a path in DAPRD may be relative; what is started runs elsewhere', async () => {
  await program('echo 1.18.3');
  vi.stubEnv('DAPRD', relative(process.cwd(), daprd));
  expect((await namedDaprd())?.path).toBe(daprd);
});

test.each([
  ['is missing', undefined, 'is no program that answers to --version'],
  ['tells no version', 'true', 'is no program that answers to --version'],
  ['is too old', 'echo 1.14.4', 'is version 1.14.4'],
])('a daprd that %s is named, with what to do', async (_, body, fault) => {
  if (body) await program(body);
  vi.stubEnv('DAPRD', daprd);
  const error = await findDaprd().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ToolMissing);
  expect(String(error)).toContain(
    `DAPRD names ${daprd}, which ${fault}. Set DAPRD to the path of a daprd 1.15.0 or newer`,
  );
});

function program(body: string): Promise<void> {
  return writeFile(daprd, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}
