import { describe, expect, it } from 'vitest';
import { planSight } from './plan-sight.js';
import { planText } from './plan-text.js';

const plan = {
  contenders: ['a', 'b', 'c', 'd', 'e'],
  runs: 10,
  orders: 10_000,
  seed: 1,
  coolDownS: 5,
  tuning: {},
};

describe('a plan', () => {
  it('knows that 5 contenders take 9 runs each: 10 pairs ask for 2 / 2^n <= 0.05 / 10', () => {
    expect(planSight({ ...plan, runs: 8 })).toMatchObject({ canDecide: false, leastRuns: 9, detectableRatio: null });
    expect(planSight({ ...plan, runs: 9 })).toMatchObject({ canDecide: true, leastRuns: 9 });
  });

  it('knows that 2 contenders take 6 runs each', () => {
    const two = { ...plan, contenders: ['a', 'b'] };
    expect(planSight({ ...two, runs: 5 })).toMatchObject({ canDecide: false, leastRuns: 6 });
    expect(planSight({ ...two, runs: 6 }).canDecide).toBe(true);
  });

  it('tells beforehand how long it takes and what it can find', () => {
    const text = planText(plan);
    expect(text).toContain('10 blocks of a, b, c, d, e; 10000 orders a run, seed 1, 5 s between runs');
    expect(text).toMatch(/50 runs, about \d+ min/);
    expect(text).toContain("10 pairs: Holm's strictest step is p <= 0.5 %, and 10 blocks reach 0.2 % at best");
    expect(text).toMatch(/vary by 5 %, differences from x 1\.\d+ on are found in 80 %/);
  });

  it('tells beforehand that it can decide nothing, and what would', () => {
    expect(planText({ ...plan, runs: 3 })).toContain(
      'THIS PLAN CAN NOT DECIDE ANYTHING: that takes at least 9 runs of each contender',
    );
    expect(planText({ ...plan, contenders: ['a'] })).toContain('one contender: there is no pair to decide on');
  });
});
