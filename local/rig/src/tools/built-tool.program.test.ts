import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { builtTool, type ToolSource } from './built-tool.js';

/** Builds slowly enough for a second caller to come by, and keeps count of its runs. */
const COMPILE = 'echo compiling; echo run >> "$BUILD_COUNT"; sleep 0.2; cp program.sh "$1"; chmod +x "$1"';

let dir: string;
let sourceDir: string;
let printed: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'built-tool-'));
  sourceDir = await mkdtemp(join(tmpdir(), 'tool-source-'));
  await writeFile(join(sourceDir, 'program.sh'), '#!/bin/sh\necho 1.0.0\n');
  vi.stubEnv('XDG_CACHE_HOME', dir);
  printed = '';
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
  await rm(sourceDir, { recursive: true, force: true });
});

test('a tool is built once and found in the cache afterwards', async () => {
  const path = await builtTool(tool());
  expect(await builtTool(tool())).toBe(path);
  expect(await builds()).toBe(1);
  expect(printed).toContain('building gadget 1.0.0: a second, once');
});

test('two that ask at the same time get one build', async () => {
  const [first, second] = await Promise.all([builtTool(tool()), builtTool(tool())]);
  expect(first).toBe(second);
  expect(await builds()).toBe(1);
});

test('changed sources are built anew beside the old binary', async () => {
  const before = await builtTool(tool());
  await writeFile(join(sourceDir, 'program.sh'), '#!/bin/sh\necho 1.0.1\n');
  expect(await builtTool(tool())).not.toBe(before);
  expect(await builds()).toBe(2);
});

test('a cached binary that no longer runs is built again', async () => {
  const path = await builtTool(tool());
  await writeFile(path, 'cut off');
  expect(await builtTool(tool())).toBe(path);
  expect(await builds()).toBe(2);
});

test('a failed build shows the end of its log, says where it is, and leaves nothing half-built', async () => {
  const failing = tool('echo "undefined: frobnicate" >&2; exit 2');
  await expect(builtTool(failing)).rejects.toThrow(/undefined: frobnicate/);
  const left = await readdir(join(dir, 'order-bench', 'tools'));
  expect(left).toEqual([expect.stringMatching(/^gadget-\w+\.log$/)]);
  await expect(builtTool(failing)).rejects.toThrow(left[0]);
});

test('what is no program is kept as it is, and built anew where a source beside its folder changes', async () => {
  const lock = join(dir, 'lock');
  await writeFile(lock, '1');
  const module = { ...tool('echo run >> "$BUILD_COUNT"; echo module > "$1"'), versionArguments: null, sources: [lock] };
  const path = await builtTool(module);
  expect(await builtTool(module)).toBe(path);
  await writeFile(join(sourceDir, 'program.sh'), '');
  expect(await builtTool(module)).toBe(path);
  await writeFile(lock, '2');
  expect(await builtTool(module)).not.toBe(path);
  expect(await builds()).toBe(2);
});

test('a build whose program does not answer to --version is an error', async () => {
  await writeFile(join(sourceDir, 'program.sh'), '#!/bin/sh\nexit 1\n');
  await expect(builtTool(tool())).rejects.toThrow(/does not answer to --version/);
});

function tool(script = COMPILE): ToolSource {
  return {
    name: 'gadget',
    sourceDir,
    announcement: 'gadget 1.0.0: a second',
    compiler: 'cc 1',
    compile: outDir => {
      const binary = join(outDir, 'gadget');
      return { command: ['sh', '-c', script, 'sh', binary], env: { BUILD_COUNT: join(dir, 'count') }, binary };
    },
    output: { write: text => (printed += text) },
  };
}

async function builds(): Promise<number> {
  return (await readFile(join(dir, 'count'), 'utf8')).trim().split('\n').length;
}
