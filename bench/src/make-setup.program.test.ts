import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'setup-'));
  await copyFile(join(checkoutDir, 'Makefile'), join(dir, 'Makefile'));
  await writeFile(join(dir, 'package-lock.json'), '{}');
  await mkdir(join(dir, 'bin'));
});
afterEach(() => rm(dir, { recursive: true }));

/** `make setup` with an npm that notes how it is called, leaves what npm leaves when it is done, and ends with this code. */
async function makeSetup(npmExitCode: number): Promise<{ exitCode: number | undefined; calls: string[] }> {
  const npm = join(dir, 'bin', 'npm');
  await writeFile(
    npm,
    `#!/bin/sh\necho "$*" >> calls\nmkdir -p node_modules\n: > node_modules/.package-lock.json\nexit ${npmExitCode}\n`,
  );
  await chmod(npm, 0o755);
  const path = [dirname(npm), dirname(process.execPath), process.env.PATH].join(':');
  const { exitCode } = await execa('make', ['setup'], {
    cwd: dir,
    env: { PATH: path, NODE_ENV: 'production', NPM_CONFIG_OMIT: 'dev' },
    reject: false,
  });
  return { exitCode, calls: (await readFile(join(dir, 'calls'), 'utf8')).trimEnd().split('\n') };
}

describe('make setup', () => {
  it('asks for what the build needs, also where the user leaves that out for other projects; once', async () => {
    const { exitCode, calls } = await makeSetup(0);
    expect({ exitCode, calls }).toEqual({
      exitCode: 0,
      calls: [expect.stringMatching(/^ci --include=dev --include=optional /)],
    });
    expect(await makeSetup(0)).toEqual({ exitCode: 0, calls });
  });

  it('does not count an install that failed as done', async () => {
    expect((await makeSetup(1)).exitCode).not.toBe(0);
    const { exitCode, calls } = await makeSetup(0);
    expect({ exitCode, calls: calls.length }).toEqual({ exitCode: 0, calls: 2 });
  });
});
