import { describe, expect, it } from 'vitest';
import { brokenRules, describeVoidRules, VOID_RULES } from './void-rules.js';

describe('the void rules', () => {
  const quiet = { busyShareBefore: 0.02, readingMs: 249, sampleBeforeMs: 250, clockStepMs: 0 };

  it('let a quiet run stand, at each limit too', () => {
    expect(brokenRules(quiet)).toEqual([]);
    const { maxBusyShareBefore, maxClockStepMs } = VOID_RULES;
    const limits = { busyShareBefore: maxBusyShareBefore, readingMs: 125, clockStepMs: -maxClockStepMs };
    expect(brokenRules({ ...quiet, ...limits })).toEqual([]);
  });

  it.each([
    [{ busyShareBefore: 0.31 }, /busy before the start: 31 % .* at most 10 %/],
    [{ readingMs: -12 }, /scheduling was late: it left -12 ms for reading the counters, at least 125 ms are needed/],
    [{ readingMs: 2_900, sampleBeforeMs: 6_000 }, /left 2900 ms for reading the counters, at least 3000 ms/],
    [{ clockStepMs: -2000 }, /clock was set by -2000 ms during the run, at most 50 ms/],
  ])('void a run with %o and say by how much', (signal, reason) => {
    const broken = brokenRules({ ...quiet, ...signal });
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(reason);
  });

  it('name every rule that was broken', () => {
    expect(brokenRules({ busyShareBefore: 1, readingMs: 0, sampleBeforeMs: 250, clockStepMs: 900 })).toHaveLength(3);
  });

  it('cannot be broken by load where the machine does not tell it', () => {
    expect(brokenRules({ ...quiet, busyShareBefore: null })).toEqual([]);
  });

  it('are told with their numbers', () => {
    expect(describeVoidRules()).toContain('10 % busy');
  });
});
