import { describe, expect, it } from 'vitest';
import { endedAs, exampleRuns } from '../../test-kit/example-runs.js';
import type { ComparisonRecord, ComparisonRun } from '../results/comparison-file.js';
import type { CompleteRun, RunResult } from '../results/result.js';
import { calibrationOf, subPlans } from './calibration.js';
import { calibrationSentences } from './calibration-text.js';
import { METRICS } from './metrics.js';

const calibration = { contender: 'x', delayShare: 0.05 };
const names = ['x (A)', 'x (B)', 'x (delayed)'];

/** A calibration of made-up runs. */
function stored(results: readonly RunResult[], runs: readonly ComparisonRun[] = []) {
  const record: ComparisonRecord = {
    schemaVersion: 2,
    id: 'made-up',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
    status: 'complete',
    plan: { contenders: names, runs: 20, orders: 1000, seed: 1, coolDownS: 5, tuning: {}, calibration },
    sequence: [names],
    runs,
    voids: 0,
  };
  return { record, results };
}

/** Every block holds the three; the delayed one had 4.9 % of each core taken away. */
function made({ blocks = 20, spread = 0.02, secondMs = 10_000, delayedMs = 10_500 }): CompleteRun[] {
  const drainMs = { 'x (A)': 10_000, 'x (B)': secondMs, 'x (delayed)': delayedMs };
  return exampleRuns({ drainMs, blocks, spread, seed: 4 }).map(run =>
    run.contender === 'x (delayed)'
      ? { ...run, settings: { ...run.settings, coreThief: { share: 0.05, takenShare: 0.049 } } }
      : run,
  );
}

describe('a calibration', () => {
  it('judges every plan of 6 blocks or more by itself, in every metric, from the runs as they were', () => {
    const found = calibrationOf(stored(made({})));
    expect(found).toMatchObject({ blocks: 20, subPlans: 3, same: { comparisons: 3 * METRICS.length, decided: 0 } });
    expect(found.metrics.map(({ comparisons }) => comparisons)).toEqual(METRICS.map(() => 3));
    // None of n: 1 - 0.05^(1/n).
    expect(found.same.atMost).toBeCloseTo(1 - 0.05 ** (1 / (3 * METRICS.length)), 6);
    expect(found.metrics[0]?.atMost).toBeCloseTo(1 - 0.05 ** (1 / 3), 6);
  });

  it('can fail: a (B) that is not as (A) is decided', () => {
    const found = calibrationOf(stored(made({ secondMs: 11_500 })));
    // Time and rate differ, CPU and memory are the same in all made-up runs.
    const comparisons = 3 * METRICS.length;
    expect(found.same).toMatchObject({ comparisons, decided: 6 });
    expect(calibrationSentences(found)[0]).toContain(`6 of ${comparisons} comparisons`);
    expect(calibrationSentences(found)[0]).toContain('decided by metric: time to drain (T100) 3, steady rate 3');
  });

  it('finds a real delay, with its ratio and what was really taken', () => {
    const { delayed } = calibrationOf(stored(made({})));
    expect(delayed).toMatchObject({ blocks: 20, takenShare: 0.049, verdict: 'worse' });
    expect(delayed?.ratio.low).toBeGreaterThan(1);
    expect(delayed?.ratio.high).toBeLessThan(1.1);
  });

  it('says so where the delay is not found', () => {
    const found = calibrationOf(stored(made({ blocks: 8, spread: 0.2 })));
    expect(found.delayed?.verdict).toBe('~');
    expect(calibrationSentences(found).join('\n')).toContain('the delay was not found in 8 blocks');
  });

  it('names the runs that the delay takes: more where runs vary more, none where 100 do not suffice', () => {
    const needed = (spread: number) => calibrationOf(stored(made({ spread }))).runsNeeded;
    expect(needed(0.02)).toBeGreaterThanOrEqual(6);
    expect(needed(0.02)).toBeLessThan(15);
    expect(needed(0.05)).toBeGreaterThan(needed(0.02) ?? 0);
    expect(needed(0.5)).toBeNull();
    expect(calibrationSentences(calibrationOf(stored(made({ spread: 0.5 })))).at(-1)).toContain('more than 100 runs');
  });

  it('counts blocks that lack a run of one out, and a run without a result as the slowest', () => {
    const all = made({});
    const results = all.map(run =>
      run.contender === 'x (B)' && run.comparison?.block === 2 ? endedAs(run, 'void') : run,
    );
    expect(calibrationOf(stored(results)).blocks).toBe(19);
    const [first] = all;
    const failed: ComparisonRun = {
      ...{ block: 1, position: 1, attempt: 1, contender: 'x (A)', resultId: null },
      status: 'failed',
    };
    expect(
      calibrationOf(
        stored(
          all.filter(run => run !== first),
          [failed],
        ),
      ).blocks,
    ).toBe(20);
  });

  it('of too few blocks says that, and nothing else', () => {
    const found = calibrationOf(stored(made({ blocks: 1 })));
    expect(found).toMatchObject({ blocks: 1, subPlans: 0, same: { comparisons: 0, atMost: 1 }, runsNeeded: null });
    expect(calibrationSentences(found)[0]).toContain('blocks with both (A) and (B): 1, too few');
    expect(calibrationSentences(calibrationOf(stored([])))[1]).toContain('nothing is known of a delay');
    expect(calibrationSentences(found)).toHaveLength(2);
  });
});

it('cuts blocks into consecutive plans of even size', () => {
  const sizes = (blocks: number) => subPlans(Array.from({ length: blocks }, (_, index) => index)).map(p => p.length);
  expect(sizes(5)).toEqual([]);
  expect(sizes(11)).toEqual([11]);
  expect(sizes(20)).toEqual([6, 7, 7]);
  expect(subPlans([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).at(1)).toEqual([6, 7, 8, 9, 10, 11]);
});
