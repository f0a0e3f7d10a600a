import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Cell, SweepRecord } from '../results/sweep-file.js';
import { runSequence, runSweep, type SweepOptions } from './run-sweep.js';

describe('a sweep', () => {
  const cells: readonly Cell[] = [4, 8].map(handlers => ({ contender: 'null-ts', values: { handlers } }));
  let dir: string;
  let ran: Cell[];
  const runSweepWith = (runOne: SweepOptions<string>['runOne']) =>
    runSweep({
      id: 'a-sweep',
      startedAt: new Date('2026-01-01T00:00:00Z'),
      plan: { contenders: ['null-ts'], vary: { handlers: [4, 8] }, orders: 300, runs: 2, seed: 1 },
      cells,
      dir,
      runOne,
    });
  const stored = async () => JSON.parse(await readFile(join(dir, 'sweep.json'), 'utf8')) as SweepRecord;
  const runOne = async (cell: Cell) => {
    ran.push(cell);
    return { result: `result ${ran.length}`, file: join(dir, `${ran.length}.json`) };
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sweep-'));
    ran = [];
  });

  it('runs every cell as often as planned, and names the result files of each', async () => {
    const done = await runSweepWith(runOne);
    expect(ran.slice(0, 2)).toEqual(expect.arrayContaining([...cells]));
    const { status, cells: kept } = await stored();
    expect(status).toBe('complete');
    for (const [index, cell] of cells.entries()) {
      const runs = ran.flatMap((of, run) => (of === cell ? [run + 1] : []));
      expect(runs).toHaveLength(2);
      expect(kept[index]).toEqual({ ...cell, resultFiles: runs.map(run => `${run}.json`) });
      expect(done[index]).toEqual({ cell, results: runs.map(run => `result ${run}`) });
    }
  });

  it('that is stopped keeps what is done and says that it is short', async () => {
    const stopping = runSweepWith(async cell => {
      if (ran.length === 3) throw new Error('stopped by a person');
      return runOne(cell);
    });
    await expect(stopping).rejects.toThrow('stopped by a person');
    const { status, cells: kept } = await stored();
    expect(status).toBe('short');
    expect(kept.flatMap(({ resultFiles }) => resultFiles)).toHaveLength(3);
  });

  it('runs rounds of all cells, each in an order that the seed decides', () => {
    const sequence = runSequence({ cells: 10, runs: 3, seed: 7 });
    const rounds = [0, 10, 20].map(start => sequence.slice(start, start + 10));
    for (const round of rounds) expect([...round].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(rounds.map(String)).size).toBe(3);
    expect(runSequence({ cells: 10, runs: 3, seed: 7 })).toEqual(sequence);
    expect(runSequence({ cells: 10, runs: 3, seed: 8 })).not.toEqual(sequence);
  });
});
