import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildBase, findBase } from './base-build.js';

const BUILD = [['node', '-e', "require('fs').copyFileSync('source', 'built')"]];

describe('a base', () => {
  let repo: string;
  let keptIn: string;
  let said: string[];

  const git = async (...args: string[]) =>
    (await execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: repo })).stdout;
  const commit = async (source: string) => {
    await writeFile(join(repo, 'source'), source);
    await git('add', '.');
    await git('commit', '--quiet', '-m', source);
  };
  const build = async (ref: string, changes: { steps?: string[][]; signal?: AbortSignal } = {}) =>
    buildBase({
      base: await findBase(ref, repo),
      ...{ repo, keptIn, steps: BUILD, signal: new AbortController().signal, say: text => said.push(text) },
      ...changes,
    });
  const worktrees = async () => (await git('worktree', 'list')).split('\n');

  beforeEach(async () => {
    repo = await mkdtemp(join(tmpdir(), 'base-repo-'));
    keptIn = join(await mkdtemp(join(tmpdir(), 'base-kept-')), 'base');
    said = [];
    await git('init', '--quiet', '--initial-branch=main');
    await commit('old');
    await git('tag', 'v1');
    await commit('new');
  });

  it('is checked out beside the checkout and compiled there', async () => {
    const base = await build('v1');
    expect(base).toMatchObject({ ref: 'v1', commit: await git('rev-parse', 'v1') });
    expect(await readFile(join(base.dir, 'built'), 'utf8')).toBe('old');
    expect(await readFile(join(repo, 'source'), 'utf8')).toBe('new');
    expect(said).toEqual([`checking out v1 (${base.commit.slice(0, 7)})`, 'node -e in it']);
  });

  it('is taken as it is where it was compiled before, by whatever name', async () => {
    const first = await build('v1');
    said = [];
    expect(await build('main~1')).toEqual({ ...first, ref: 'main~1' });
    expect(said).toEqual([]);
  });

  it('is made again where its folder was deleted', async () => {
    const { dir } = await build('v1');
    await rm(dir, { recursive: true });
    expect(await readFile(join((await build('v1')).dir, 'built'), 'utf8')).toBe('old');
    expect(await worktrees()).toHaveLength(2);
  });

  it('that can not be compiled leaves nothing, and says why', async () => {
    const steps = [['node', '-e', "console.error('no such package'); process.exit(1)"]];
    await expect(build('v1', { steps })).rejects.toThrow(/the base v1 could not be built: [\s\S]*no such package/);
    expect(await worktrees()).toHaveLength(1);
    expect(await readFile(join((await build('v1')).dir, 'built'), 'utf8')).toBe('old');
  });

  it('leaves nothing where it was interrupted', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(build('v1', { signal: abort.signal })).rejects.toThrow('aborted');
    expect(await worktrees()).toHaveLength(1);
  });

  it.each(['no-such-thing', '--all'])('is a git commit and nothing else: %s', async ref => {
    await expect(build(ref)).rejects.toThrow(`'${ref}' is no git commit of`);
  });
});
