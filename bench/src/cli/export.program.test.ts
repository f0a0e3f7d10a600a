import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import { writeComparison } from '../results/comparison-file.js';
import { costCommand } from './cost.js';
import { exportCommand } from './export.js';

let dir: string;
let errors: string[];

/** Runs a command in this process; returns its exit code. */
async function exitCodeOf(command: Command, ...args: string[]) {
  await command.parseAsync(['--results', dir, ...args], { from: 'user' });
  return process.exitCode;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'results-'));
  for (const folder of ['sweeps/s', 'comparisons/c1']) await mkdir(join(dir, folder), { recursive: true });
  const comparison = { id: 'c1', seed: 1, block: 1, position: 1, attempt: 1 };
  await writeFile(join(dir, 'comparisons', 'c1', 'a.json'), JSON.stringify(exampleResult({ comparison })));
  await writeFile(join(dir, 'sweeps', 's', 'b.json'), JSON.stringify(exampleResult({ id: '2222bbbb' })));
  errors = [];
  vi.spyOn(process.stderr, 'write').mockImplementation(text => errors.push(String(text)) > 0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = 0;
  await rm(dir, { recursive: true });
});

describe('bench export', () => {
  it('writes a table to a file, with the runs of sweeps where they are asked for', async () => {
    const out = join(dir, 'out.csv');
    expect(await exitCodeOf(exportCommand(), '--csv', '--out', out)).toBe(0);
    expect((await readFile(out, 'utf8')).split('\r\n')).toEqual([
      expect.stringMatching(/^file,id,startedAt,contender,target/),
      expect.stringMatching(
        /^comparisons\/c1\/a\.json,0123abcd,2026-01-02T03:04:05\.678Z,made-up,local,false,burst,complete/,
      ),
      '',
    ]);
    expect(await exitCodeOf(exportCommand(), '--table', 'processes', '--sweeps', '--out', out)).toBe(0);
    expect((await readFile(out, 'utf8')).match(/^sweeps\/s\/b\.json,2222bbbb/gm)).toHaveLength(6);
  });

  it('prints where it is given no file', async () => {
    const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(await exitCodeOf(exportCommand(), '--table', 'curve')).toBe(0);
    expect(printed.mock.calls[0]?.[0]).toMatch(
      /^file,id,startedAt,contender,curve\.atMs,curve\.ordersWritten\r\ncomparisons\/c1\/a\.json/,
    );
  });

  describe('whose output is not read or can’t be written', () => {
    const exported = (stdout: number | 'pipe') =>
      spawn(process.execPath, [join(checkoutDir, 'bench/dist/main.js'), 'export', '--results', dir], {
        stdio: ['ignore', stdout, 'pipe'],
      });
    const endOf = async (child: ChildProcess) => {
      const errorOutput: string[] = [];
      child.stderr?.on('data', chunk => errorOutput.push(String(chunk)));
      const [exitCode] = (await once(child, 'close')) as [number];
      return { exitCode, errorOutput: errorOutput.join('') };
    };

    it('ends quietly behind a closed pipe', async () => {
      const child = exported('pipe');
      child.stdout?.destroy();
      expect(await endOf(child)).toEqual({ exitCode: 0, errorOutput: '' });
    });

    it.runIf(existsSync('/dev/full'))('says in a line that there is no space', async () => {
      const full = await open('/dev/full', 'w');
      const { exitCode, errorOutput } = await endOf(exported(full.fd));
      await full.close();
      expect(exitCode).toBe(1);
      expect(errorOutput).toContain('error: there is no space left to write to');
      expect(errorOutput).not.toContain(' at ');
    });
  });

  it('ends with 2 and the file’s name where one can’t be read', async () => {
    await writeFile(join(dir, 'comparisons', 'c1', 'half.json'), '{"schemaVersion": 1, "id"');
    expect(await exitCodeOf(exportCommand())).toBe(2);
    expect(errors.join('')).toMatch(/^error: .*half\.json is cut off/);
  });
});

describe('bench cost', () => {
  beforeEach(() =>
    writeComparison(
      {
        ...{ schemaVersion: 2, id: 'c1', startedAt: '2026-01-02T03:04:00.000Z', finishedAt: null, status: 'complete' },
        plan: { contenders: ['made-up'], runs: 1, orders: 1000, seed: 1, coolDownS: 0, tuning: {} },
        sequence: [['made-up']],
        runs: [{ block: 1, position: 1, attempt: 1, contender: 'made-up', status: 'complete', resultId: '0123abcd' }],
        voids: 0,
      },
      join(dir, 'comparisons', 'c1'),
    ),
  );

  it('prints the newest comparison’s costs from the example prices', async () => {
    const printed = vi.spyOn(console, 'log').mockReturnValue();
    const prices = join(checkoutDir, 'bench', 'prices', 'example-prices.json');
    expect(await exitCodeOf(costCommand(), '--prices', prices)).toBe(0);
    expect(printed.mock.calls[0]?.[0]).toMatch(
      /^Comparison c1 \(.*\)\n.*EXAMPLE PRICES.*made-up +amd64 +Standard_D2s_v5.*Prices:/s,
    );
  });

  it('ends with 2 where there is no such comparison', async () => {
    expect(await exitCodeOf(costCommand(), '--comparison', 'c9')).toBe(2);
    expect(errors.join('')).toMatch(/^error: there is no comparison 'c9' in .*: there are c1 /);
  });
});
