import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gitCommit } from './git-commit.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'git-commit-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});

/** A repository of one commit with a package.json. */
async function repository(name: string): Promise<{ path: string; commit: string }> {
  const path = join(dir, name);
  await mkdir(path);
  await writeFile(join(path, 'package.json'), `{ "name": "${name}" }`);
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: path });
  await git('init', '--quiet');
  await git('add', '.');
  await git('commit', '--quiet', '--message', name);
  return { path, commit: (await git('rev-parse', 'HEAD')).stdout };
}

describe('the commit that a result names', () => {
  it('is the one checked out, and dirty once a tracked file is changed', async () => {
    const { path, commit } = await repository('own');
    await writeFile(join(path, 'untracked'), '');
    expect(await gitCommit(path)).toBe(commit);
    await writeFile(join(path, 'package.json'), '{}');
    expect(await gitCommit(path)).toBe(`${commit}-dirty`);
  });

  it("is the checkout's own where git itself is at work elsewhere, as in a hook", async () => {
    const own = await repository('own');
    const other = await repository('other');
    vi.stubEnv('GIT_DIR', join(other.path, '.git'));
    vi.stubEnv('GIT_WORK_TREE', other.path);
    vi.stubEnv('GIT_INDEX_FILE', join(other.path, '.git', 'index'));
    expect(await gitCommit(own.path)).toBe(own.commit);
  });

  it('is unknown for a copy without its history, also within a repository of something else', async () => {
    const { path } = await repository('outer');
    for (const copy of [join(path, 'copy'), join(dir, 'copy')]) {
      await mkdir(copy);
      await writeFile(join(copy, 'package.json'), '{}');
      expect(await gitCommit(copy)).toBe('unknown');
    }
  });

  it('is unknown without git', async () => {
    const { path } = await repository('own');
    vi.stubEnv('PATH', dir);
    expect(await gitCommit(path)).toBe('unknown');
  });
});
