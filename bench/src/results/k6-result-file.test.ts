import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exampleApiTest, exampleBreakpoint } from '../../test-kit/example-k6-results.js';
import { UsageError } from '../text/usage-error.js';
import type { K6Result } from './k6-result.js';
import { K6_FORMAT, readK6Results, writeK6Result } from './k6-result-file.js';
import { planDir } from './results-folder.js';

const RESULT = exampleBreakpoint({ contender: 'spin-ts', block: 1, heldPerSecond: 300 });

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'k6-results-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

test('a result is read as it was written, and never overwritten', async () => {
  await writeK6Result(RESULT, planDir(dir, 'k6', 's'));
  expect(await readK6Results(dir)).toEqual([
    { file: `k6/s/20260101T000100Z-breakpoint-spin-ts-distributor-${RESULT.id}.json`, result: RESULT },
  ]);
  await expect(writeK6Result(RESULT, planDir(dir, 'k6', 's'))).rejects.toThrow(/EEXIST/);
});

test('a name that says what ran the app makes a file name without spaces and brackets', async () => {
  await writeK6Result({ ...RESULT, contender: 'spin-ts (stand-in)' }, planDir(dir, 'k6', 's'));
  expect((await readK6Results(dir)).map(({ file }) => file)).toEqual([
    `k6/s/20260101T000100Z-breakpoint-spin-ts-stand-in-distributor-${RESULT.id}.json`,
  ]);
});

test('a test of an Order API has its name in that of its file', async () => {
  const result = exampleApiTest({ contender: 'spin-ts', block: 1, appCpuMsPerRequest: 3 });
  await writeK6Result(result, planDir(dir, 'k6', 's'));
  expect(await readK6Results(dir)).toEqual([
    { file: `k6/s/20260101T000100Z-api-query-spin-ts-orders-api-${result.id}.json`, result },
  ]);
});

test('a file of version 2, which knew no tests of an Order API, is read as one of the newest', () => {
  const older = JSON.stringify(RESULT).replace('"schemaVersion":4', '"schemaVersion":2');
  expect(K6_FORMAT.parse(older, 'some/file.json')).toEqual(RESULT);
});

test('density of version 3 asked 25 ms, and did not say so', () => {
  const { limit, heldPerSecond, rampPerSecond, steps, levels, past, spike, ...base } = RESULT;
  const point = { instances: 1, restBytes: 1, loadedBytes: 1, ratePerSecond: 1, p99Ms: 53, isHeld: false };
  const artifact = { artifactBytes: 1, files: [], runtimeBytes: 1 };
  const older = { ...base, kind: 'density', points: [{ ...point, instancesPerGibibyte: 1 }], artifact };
  expect(K6_FORMAT.parse(JSON.stringify({ ...older, schemaVersion: 3 }), 'some/file.json')).toEqual({
    ...older,
    p99LimitMs: 25,
  });
});

test('where there are none, none are read', async () => {
  expect(await readK6Results(dir)).toEqual([]);
});

test('what does not fit the schema is not written', async () => {
  const wrong = { ...RESULT, heldPerSecond: 'many' } as unknown as K6Result;
  await expect(writeK6Result(wrong, dir)).rejects.toThrow(/heldPerSecond/);
});

test('an unknown version, a cut-off file and an unknown kind are refused by name', async () => {
  const text = JSON.stringify(RESULT);
  const cases = [
    text.replace('"schemaVersion":4', '"schemaVersion":5'),
    text.slice(0, 40),
    text.replace('k6-breakpoint', 'k6-guess'),
  ];
  for (const wrong of cases) {
    expect(() => K6_FORMAT.parse(wrong, 'some/file.json')).toThrow(UsageError);
    expect(() => K6_FORMAT.parse(wrong, 'some/file.json')).toThrow(/some\/file\.json/);
  }
});

test('a foreign file in the folder is named', async () => {
  await writeK6Result(RESULT, planDir(dir, 'k6', 's'));
  await writeFile(join(dir, 'k6', 's', 'other.json'), '{}');
  await expect(readK6Results(dir)).rejects.toThrow(/other\.json/);
});
