import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Command } from 'commander';
import { execa } from 'execa';
import { beforeEach, expect, test } from 'vitest';
import { UsageError } from '../text/usage-error.js';
import { makeResultsFolder, placeText, resultsFlag } from './results-folder.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'results-folder-'));
});

test('is made with all that lead to it, and taken where it is there', async () => {
  const results = join(dir, 'a', 'b');
  await makeResultsFolder(results);
  await makeResultsFolder(results);
  expect((await stat(results)).isDirectory()).toBe(true);
});

test('a file in its place, or on the way to it, is refused before anything is measured', async () => {
  const file = join(dir, 'file');
  await writeFile(file, '');
  await expect(makeResultsFolder(file)).rejects.toThrow('which is no folder: name another --results');
  await expect(makeResultsFolder(join(file, 'below'))).rejects.toThrow(UsageError);
});

test.runIf(process.platform === 'linux')('where no folder can be made that is said at once', async () => {
  await expect(makeResultsFolder('/proc/nope/deeper')).rejects.toThrow("results can't be stored in /proc/nope/deeper");
});

test('is runs/ of the checkout unless said otherwise, which git ignores and nothing published is in', async () => {
  const { results } = new Command()
    .addOption(resultsFlag('folder'))
    .parse([], { from: 'user' })
    .opts<{ results: string }>();
  expect(results).toBe(join(checkoutDir, 'runs'));
  const { exitCode } = await execa('git', ['check-ignore', '--quiet', join(results, 'any.json')], {
    cwd: checkoutDir,
    reject: false,
  });
  expect(exitCode).toBe(0);
});

test('is told as it can be typed where the command was called', () => {
  expect(placeText(join(process.cwd(), 'runs', 'a.json'))).toBe(join('runs', 'a.json'));
  expect(placeText(dir)).toBe(dir);
});
