import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import { writeResult } from './result-file.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'result-file-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('a result is stored under its start, target, contender and id', async () => {
  const result = exampleResult({ id: '0123abcd' });
  const file = await writeResult(result, dir);
  expect(await readdir(dir)).toEqual([expect.stringMatching(/^\d{8}T\d{6}Z-local-.+-0123abcd\.json$/)]);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(result);
});

test('what no file’s name should hold is a dash in it, and stays in the result', async () => {
  const result = exampleResult({ id: '0123abcd', contender: 'express-ts@node-24 (A)' });
  const file = await writeResult(result, dir);
  expect(file).toMatch(/-local-express-ts@node-24-A-0123abcd\.json$/);
  expect(JSON.parse(await readFile(file, 'utf8')).contender).toBe(result.contender);
});

test('a stored result is never overwritten', async () => {
  const file = await writeResult(exampleResult({ id: '0123abcd' }), dir);
  const before = await readFile(file, 'utf8');
  await expect(writeResult(exampleResult({ id: '0123abcd', curve: [[1, 1]] }), dir)).rejects.toThrow('EEXIST');
  expect(await readFile(file, 'utf8')).toBe(before);
});

// A disk that is full in the middle of the file: here a limit of 512 or 1,024 bytes a file, as the shell counts.
test('what cannot be written whole is not there at all, so that it is in no reader’s way', async () => {
  const writer = fileURLToPath(new URL('../../dist/results/result-file.js', import.meta.url));
  const script = `const { writeResult } = await import(process.argv[1]);
    await writeResult(JSON.parse(process.argv[2]), process.argv[3]).catch(error => console.log(error.code));`;
  const node = [process.execPath, '--input-type=module', '--eval', script, writer];
  const { stdout } = await execa('sh', [
    '-c',
    'ulimit -f 1 && exec "$@"',
    'sh',
    ...node,
    JSON.stringify(exampleResult({})),
    dir,
  ]);
  expect(stdout).toBe('EFBIG');
  expect(await readdir(dir)).toEqual([]);
});
