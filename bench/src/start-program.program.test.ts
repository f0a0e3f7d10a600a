import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

describe.runIf(process.platform === 'linux')('where a process may open only a few files', () => {
  // Node needs 20 for itself; with some more it is a package that can't be opened, and then one of the project's modules.
  it.each([
    ['main', 'contenders', 30],
    ['main', 'contenders', 64],
    ['rig-main', 'doctor', 40],
    ['rig-main', 'doctor', 64],
  ])('%s %s says so, and what to do (%i files)', async (program, command, files) => {
    const path = join(checkoutDir, 'bench', 'dist', `${program}.js`);
    const script = `ulimit -n ${files}; exec "$0" "$@"`;
    const { exitCode, stdout, stderr } = await execa('sh', ['-c', script, process.execPath, path, command], {
      reject: false,
    });
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'error: too many open files: raise the limit (ulimit -n 1024, or more) and start again',
    });
  });
});

it.runIf(process.platform === 'linux')('where no file may grow, that is said', async () => {
  const out = await mkdtemp(join(tmpdir(), 'no-growth-'));
  const path = join(checkoutDir, 'bench', 'dist', 'main.js');
  const script = 'ulimit -f 0; exec "$0" "$@"';
  const args = [path, 'export', '--table', 'curve', '--results', join(checkoutDir, 'results')];
  const { exitCode, stderr } = await execa(
    'sh',
    ['-c', script, process.execPath, ...args, '--out', join(out, 'a.csv')],
    {
      reject: false,
    },
  );
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(/^error: there is no space left/),
  });
  await rm(out, { recursive: true });
});
