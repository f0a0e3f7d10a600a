import { describe, expect, it } from 'vitest';
import { brokenRules, describeVoidRules, VOID_RULES } from './void-rules.js';

describe('the void rules', () => {
  const quiet = { busyShareBefore: 0.02, readyMs: 240, clockStepMs: 0 };

  it('let a quiet run stand, at each limit too', () => {
    expect(brokenRules(quiet)).toEqual([]);
    const { maxBusyShareBefore, minReadyMs, maxClockStepMs } = VOID_RULES;
    expect(
      brokenRules({ busyShareBefore: maxBusyShareBefore, readyMs: minReadyMs, clockStepMs: -maxClockStepMs }),
    ).toEqual([]);
  });

  it.each([
    [{ busyShareBefore: 0.31 }, /busy before the start: 31 % .* at most 10 %/],
    [{ readyMs: -12 }, /scheduling was late: ready -12 ms before the first order, not 50 ms/],
    [{ clockStepMs: -2000 }, /clock was set by -2000 ms during the run, at most 50 ms/],
  ])('void a run with %o and say by how much', (signal, reason) => {
    const broken = brokenRules({ ...quiet, ...signal });
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(reason);
  });

  it('name every rule that was broken', () => {
    expect(brokenRules({ busyShareBefore: 1, readyMs: 0, clockStepMs: 900 })).toHaveLength(3);
  });

  it('cannot be broken by load where the machine does not tell it', () => {
    expect(brokenRules({ ...quiet, busyShareBefore: null })).toEqual([]);
  });

  it('are told with their numbers', () => {
    expect(describeVoidRules()).toContain('10 % busy');
  });
});
