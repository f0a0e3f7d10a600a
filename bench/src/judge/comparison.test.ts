import { describe, expect, it } from 'vitest';
import { exampleRuns } from '../../test-kit/example-runs.js';
import type { RunResult } from '../results/result.js';
import { compareResults } from './comparison.js';
import { OTHER_METRICS } from './metrics.js';

const contenders = ['slow', 'fast', 'twin'];
const pairs = [
  { a: 'slow', b: 'fast' },
  { a: 'slow', b: 'twin' },
  { a: 'fast', b: 'twin' },
];
const options = { id: 'made-up', contenders, pairs, runs: 10, seed: 1 };
const runs = exampleRuns({ drainMs: { slow: 12_000, fast: 10_000, twin: 10_000 }, blocks: 10 });

const pair = (results: readonly RunResult[], a: string, b: string, changes = {}) => {
  const found = compareResults(results, { ...options, ...changes }).pairs.find(
    one => one.metric === 't100Ms' && one.a === a && one.b === b,
  );
  if (!found) throw new Error(`no pair ${a}, ${b}`);
  return found;
};
const change = (contender: string, blocks: readonly number[], changes: Partial<RunResult>) =>
  runs.map(run =>
    run.contender === contender && blocks.includes(run.comparison?.block ?? 0)
      ? ({ ...run, ...changes } as RunResult)
      : run,
  );

describe('a comparison', () => {
  it('gives every contender its median with an interval, and names the results behind it', () => {
    const { contenders } = compareResults(runs, options);
    expect(contenders.map(({ contender }) => contender)).toEqual(options.contenders);
    const [slow] = contenders;
    expect(slow?.runs).toBe(10);
    expect(slow?.resultIds).toEqual(runs.filter(({ contender }) => contender === 'slow').map(({ id }) => id));
    const t100 = slow?.metrics.t100Ms;
    expect(t100?.median).toBeGreaterThan(11_800);
    expect(t100?.median).toBeLessThan(12_200);
    expect(t100?.low).toBeLessThanOrEqual(t100?.median ?? 0);
    expect(t100?.confidence).toBeCloseTo(0.9785, 4);
    // Made-up runs: 3,000 ms of app CPU and 4,800 ms of app, Dapr and rig over 1,000 orders.
    expect(slow?.metrics.appCpuMsPerOrder.median).toBe(3);
    expect(slow?.metrics.allCpuMsPerOrder.median).toBe(4.8);
    expect(slow?.metrics.appPeakMemoryBytes.median).toBe(150_000_000);
  });

  it('says who is faster where the blocks decide: T100 after Holm over its pairs, all else over all of all others', () => {
    const decided = pair(runs, 'slow', 'fast');
    expect(decided.verdict).toBe('worse');
    expect(decided.ratio.low).toBeGreaterThan(1.15);
    expect(decided.ratio.high).toBeLessThan(1.25);
    expect(decided.pValue).toBeCloseTo(2 / 1024, 10);
    expect(decided.adjustedPValue).toBeCloseTo((3 * 2) / 1024, 10);
    expect(decided.cliffsDelta).toBe(1);
    const rate = compareResults(runs, options).pairs.find(
      ({ metric, b }) => metric === 'steadyOrdersPerSecond' && b === 'fast',
    );
    expect(rate).toMatchObject({ a: 'slow', verdict: 'worse', cliffsDelta: -1 });
    expect(rate?.pValue).toBeCloseTo(2 / 1024, 10);
    // Ratios of CPU and memory are all 1 in these runs; three pairs in every other metric are corrected together.
    expect(rate?.adjustedPValue).toBeCloseTo((3 * OTHER_METRICS.length * 2) / 1024, 10);
  });

  it('says ~ where they do not, with what the plan would have found', () => {
    const undecided = pair(runs, 'fast', 'twin');
    expect(undecided.verdict).toBe('~');
    expect(undecided.smallestDetectableRatio).toBeGreaterThan(1.005);
    expect(undecided.smallestDetectableRatio).toBeLessThan(1.05);
  });

  it('decides another metric than T100 where the blocks are enough for all of them together', () => {
    const { pairs: judged } = compareResults(runs, { ...options, pairs: pairs.slice(0, 1) });
    const rate = judged.find(({ metric }) => metric === 'steadyOrdersPerSecond');
    expect(rate).toMatchObject({ a: 'slow', b: 'fast', verdict: 'worse' });
    expect(rate?.adjustedPValue).toBeCloseTo((OTHER_METRICS.length * 2) / 1024, 10);
  });

  it('says beforehand that too few blocks decide nothing', () => {
    const few = runs.filter(({ comparison }) => (comparison?.block ?? 0) <= 6);
    expect(pair(few, 'slow', 'fast').verdict).toBe('~');
    expect(compareResults(few, options).canDecide).toBe(false);
    const eight = compareResults(
      runs.filter(({ comparison }) => (comparison?.block ?? 0) <= 8),
      options,
    );
    // 2 / 2^8 is below 5 % over 3, and above it over 12.
    expect(eight).toMatchObject({ canDecide: true, canDecideOthers: false });
    expect(compareResults(runs, options)).toMatchObject({ canDecide: true, canDecideOthers: true });
  });

  it.each([
    ['incomplete', { status: 'incomplete', reason: 'lost one' }],
    ['incorrect', { correctness: { ...(runs[0] as RunResult).correctness, corrupt: 1 } }],
  ])('keeps a run that is %s and ranks it last', (_, changes) => {
    const results = change('fast', [1, 2, 3, 4, 5, 6], changes as Partial<RunResult>);
    const comparison = compareResults(results, options);
    expect(comparison.lastRuns).toBe(6);
    expect(comparison.contenders[1]).toMatchObject({ contender: 'fast', runs: 10, lastRuns: 6 });
    expect(comparison.contenders[1]?.metrics.t100Ms.median).toBe(Number.POSITIVE_INFINITY);
    expect(comparison.contenders[1]?.metrics.steadyOrdersPerSecond.median).toBe(0);
    expect(pair(results, 'slow', 'fast').verdict).toBe('~');
    expect(pair(results, 'slow', 'fast').ratio).toMatchObject({ ratio: 0, low: 0 });
  });

  it('ranks a run that left no result last too', () => {
    const results = runs.filter(({ contender, comparison }) => contender !== 'fast' || comparison?.block !== 1);
    const comparison = compareResults(results, { ...options, failed: [{ contender: 'fast', block: 1 }] });
    expect(comparison.contenders[1]).toMatchObject({ runs: 10, lastRuns: 1 });
    expect(comparison.contenders[1]?.resultIds).toHaveLength(9);
    expect(comparison.pairs[0]?.blocks).toBe(10);
  });

  it('leaves a void run out, and its block where it was not repeated', () => {
    const results = change('fast', [3], { status: 'void', reason: 'the machine was busy' });
    const comparison = compareResults(results, options);
    expect(comparison).toMatchObject({ runs: 30, voidRuns: 1, lastRuns: 0, noClaim: null });
    expect(pair(results, 'slow', 'fast').blocks).toBe(9);
    expect(pair(results, 'slow', 'twin').blocks).toBe(10);
  });

  it('makes no claim where more than 10 % of the runs are void', () => {
    const results = change('twin', [1, 2, 3, 4], { status: 'void', reason: 'the machine was busy' });
    expect(compareResults(results, options).noClaim).toMatch(/^4 of 30 runs are void, more than 10 %/);
    expect(pair(results, 'slow', 'fast').verdict).toBe('~');
  });

  it('takes no notice of runs of another comparison', () => {
    const other = exampleRuns({ id: 'other', drainMs: { slow: 1, fast: 1, twin: 1 }, blocks: 10 });
    expect(compareResults([...other, ...runs], options)).toEqual(compareResults(runs, options));
  });
});
