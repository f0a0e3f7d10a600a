import { describe, expect, it } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import type { RunResult } from '../results/result.js';
import type { Sweep } from '../results/stored-sweep.js';
import { settingEffects } from './setting-effects.js';

const ROUNDS = 4;
const secondsOf = (result: RunResult) => (result.status === 'complete' ? result.drain.t100Ms : null);

/** Runs of each round, in milliseconds, by cell. */
function sweepOf(
  vary: Sweep['record']['plan']['vary'],
  cells: readonly [Sweep['cells'][number]['values'], number[]][],
) {
  const sweep: Sweep = {
    record: {
      schemaVersion: 1,
      id: 'a-sweep',
      startedAt: '2026-01-02T03:04:05.678Z',
      status: 'complete',
      plan: { contenders: ['made-up'], vary, orders: 1000, runs: ROUNDS, seed: 1 },
      cells: [],
    },
    cells: cells.map(([values, rounds]) => ({
      contender: 'made-up',
      values,
      runs: rounds.map(t100Ms => ({ file: 'a.json', result: runOf(t100Ms) })),
    })),
  };
  return sweep;
}

function runOf(t100Ms: number): RunResult {
  const { drain, ...record } = exampleResult();
  if (t100Ms > 0) return exampleResult({ drain: { ...drain, t100Ms } });
  return { ...record, status: 'incomplete', reason: 'made up' };
}

describe('the effect of a setting', () => {
  const vary = { pooling: ['on', 'off'], threads: [1, 2] };
  // A machine that slows down from round to round, by more than the settings do.
  const grid = sweepOf(vary, [
    [{ pooling: 'on', threads: 1 }, [100, 200, 400, 800]],
    [{ pooling: 'off', threads: 1 }, [80, 160, 320, 641]],
    [{ pooling: 'on', threads: 2 }, [101, 198, 404, 792]],
    [{ pooling: 'off', threads: 2 }, [81, 158, 322, 639]],
  ]);

  it('is found among runs of the same round that differ in it alone', () => {
    const [pooling, threads] = settingEffects(grid, secondsOf);
    expect(pooling).toMatchObject({ setting: 'pooling', from: 'on', to: 'off', pairs: 8, isDecided: true });
    expect(pooling?.ratio.ratio).toBeCloseTo(0.8, 1);
    expect(threads).toMatchObject({ setting: 'threads', from: 1, to: 2, pairs: 8, isDecided: false });
  });

  it('is undecided where the pairs are too few', () => {
    const few = sweepOf({ handlers: [8, 16] }, [
      [{ handlers: 8 }, [100, 100, 100, 100]],
      [{ handlers: 16 }, [10, 10, 10, 10]],
    ]);
    expect(settingEffects(few, secondsOf)).toMatchObject([{ pairs: 4, isDecided: false }]);
  });

  it('leaves out pairs in which a run has no such figure, and settings that a contender does not have', () => {
    const gaps = sweepOf({ handlers: [8, 16], threads: [1, 2] }, [
      [{ handlers: 8 }, [100, 0, 100, 100]],
      [{ handlers: 16 }, [50, 50, 0, 50]],
    ]);
    expect(settingEffects(gaps, secondsOf)).toMatchObject([{ setting: 'handlers', pairs: 2 }]);
  });
});
