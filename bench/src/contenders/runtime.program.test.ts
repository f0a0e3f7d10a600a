import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../text/usage-error.js';
import type { Contender } from './contender.js';
import { baseNameOf, contenderLabel, findRuntime, namedRuntimes, runtimeFacts, splitContender } from './runtime.js';

const contender = (start: readonly string[]): Contender => ({
  name: 'mine',
  description: 'somebody’s app',
  runtime: 'rust',
  start,
  healthPath: '/healthz',
  dir: '.',
});
const ON_SPIN = contender(['{spin}', 'up']);
const ON_NODE = contender(['{node}', 'main.js']);

let dir: string;

/** A program that prints this when it is asked for its version. */
async function program(name: string, prints: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, `#!/bin/sh\necho '${prints}'\n`, { mode: 0o755 });
  return path;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'runtime-'));
});

describe('a contender’s runtime', () => {
  it.each([
    ['spin-ts@spin-3.6', { nameOrFolder: 'spin-ts', runtime: 'spin-3.6' }],
    ['spin-ts', { nameOrFolder: 'spin-ts' }],
    ['../my@team/app', { nameOrFolder: '../my@team/app' }],
    ['../my@team/app@node-24', { nameOrFolder: '../my@team/app', runtime: 'node-24' }],
  ])('is named behind an @: %s', (text, parts) => {
    expect(splitContender(text)).toEqual(parts);
  });

  it.each([
    ['spin 3.6.3 (0123abc 2026-04-01)', { name: 'wanted', kind: 'spin', version: '3.6.3' }],
    ['v22.1.0', { name: 'wanted', kind: 'node', version: '22.1.0' }],
  ])('is what the named program says of itself: %s', async (prints, facts) => {
    const named = await namedRuntimes([`wanted=${await program('spin-or-node', prints)}`]);
    const runtime = await findRuntime(facts.kind === 'spin' ? ON_SPIN : ON_NODE, 'wanted', named);
    expect(runtimeFacts(runtime)).toEqual(facts);
    expect(runtime.command).toEqual([join(dir, 'spin-or-node')]);
  });

  it('is the Node that this project pins where a Node contender names none', async () => {
    const runtime = await findRuntime(ON_NODE, undefined, new Map());
    expect(runtimeFacts(runtime)).toEqual({ name: 'node-24', kind: 'node', version: expect.stringMatching(/^24\./) });
    const [node = ''] = runtime.command;
    expect((await execa(node, ['--version'])).stdout).toBe(`v${runtime.version}`);
  });

  it('is no part of a contender that starts by its own command', async () => {
    const own = contender(['./server']);
    expect(runtimeFacts(await findRuntime(own, undefined, new Map()))).toEqual({
      ...{ name: 'rust', kind: 'other', version: null },
    });
    await expect(findRuntime(own, 'node-24', new Map())).rejects.toThrow('leave out @node-24');
  });

  it('is refused with the reason where it does not run the contender', async () => {
    const named = await namedRuntimes([
      `node-22=${await program('node', 'v22.1.0')}`,
      `odd=${await program('odd', 'hello')}`,
    ]);
    await expect(findRuntime(ON_SPIN, 'node-22', named)).rejects.toThrow(
      'mine does not run on node-22, which is node 22',
    );
    await expect(findRuntime(ON_SPIN, 'odd', named)).rejects.toThrow(
      "is neither Spin nor Node (--version says 'hello')",
    );
    await expect(findRuntime(ON_SPIN, 'spin-9', named)).rejects.toThrow("no runtime 'spin-9': there are node-22, odd");
    await expect(namedRuntimes(['spin-9'])).rejects.toThrow('it takes <name>=<path>');
    await expect(namedRuntimes([`spin-9=${join(dir, 'nothing')}`])).rejects.toThrow(UsageError);
  });
});

describe('a contender in results', () => {
  it.each([
    [{ name: 'spin-3.6', kind: 'spin', version: '3.6.3' }, 'mine@spin-3.6'],
    [{ name: 'stand-in', kind: 'stand-in', version: '0.1.0' }, 'mine (stand-in)'],
    [{ name: 'node-24', kind: 'node', version: '24.21.0' }, 'mine'],
    [{ name: 'node-22', kind: 'node', version: '22.1.0' }, 'mine@node-22'],
    [{ name: 'rust', kind: 'other', version: null }, 'mine'],
  ] as const)('is named with its runtime where that is not the expected one: %o', (runtime, label) => {
    expect(contenderLabel('mine', runtime)).toBe(label);
    expect(baseNameOf({ contender: label, runtime })).toBe('mine');
  });
});
