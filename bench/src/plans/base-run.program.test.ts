import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { endedAs, exampleRun } from '../../test-kit/example-runs.js';
import { UsageError } from '../text/usage-error.js';
import { runBase } from './base-run.js';

const commit = 'abcdef0123456789abcdef0123456789abcdef01';

describe('a run of a base', () => {
  let dir: string;

  /** A checkout whose `bench run` stores this, says what it was called with, and ends with a code. */
  const withBench = async (stored: unknown, exitCode = 0) => {
    const script = `
      const { writeFileSync } = require('node:fs');
      const args = process.argv.slice(2);
      console.error(args.join(' '));
      const stored = ${JSON.stringify(stored ?? null)};
      const results = args[args.indexOf('--results') + 1];
      if (stored) writeFileSync(results + '/a.json', JSON.stringify(stored));
      process.exitCode = ${exitCode};`;
    await writeFile(join(dir, 'bench', 'dist', 'main.js'), script);
  };
  const run = (signal = new AbortController().signal) =>
    runBase({
      base: { ref: 'main', commit, dir },
      ...{
        name: 'null-ts (base abcdef0)',
        contender: 'null-ts',
        runtime: [],
        orders: 500,
        seed: 7,
        timeoutS: 60,
        tuning: { handlers: 8, spinPooling: false },
        signal,
      },
    });

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'base-'));
    await mkdir(join(dir, 'bench', 'dist'), { recursive: true });
  });

  it('is its own bench run, and its result under the name of the base', async () => {
    const result = exampleRun('null-ts', 10_000);
    await withBench(result);
    expect(await run()).toEqual({ ...result, contender: 'null-ts (base abcdef0)' });
  });

  it('is read whatever its exit code says: an incomplete run is a result too', async () => {
    await withBench(endedAs(exampleRun('null-ts', 10_000), 'incomplete'), 1);
    expect((await run()).status).toBe('incomplete');
  });

  it('is given the same orders and settings', async () => {
    await withBench(null, 1);
    await expect(run()).rejects.toThrow(
      /left no result: run --contenders null-ts --orders 500 --seed 7 --timeout-s 60 --results \S+ --handlers 8 --spin-pooling off$/,
    );
  });

  it('whose results are of another version ends the plan, and says what to do', async () => {
    await withBench({ ...exampleRun('null-ts', 10_000), schemaVersion: 99 });
    await expect(run()).rejects.toThrow(UsageError);
    await expect(run()).rejects.toThrow(
      /the base main \(abcdef0\) stores another version of results than this checkout reads: compare with a newer commit/,
    );
  });

  it('that it refuses ends the plan with its own words', async () => {
    await withBench(null, 2);
    await expect(run()).rejects.toThrow(UsageError);
    await expect(run()).rejects.toThrow('the base main does not run null-ts: run --contenders null-ts');
  });

  it('interrupted is no result', async () => {
    await withBench(exampleRun('null-ts', 10_000));
    const abort = new AbortController();
    abort.abort();
    await expect(run(abort.signal)).rejects.toThrow('aborted');
  });
});
