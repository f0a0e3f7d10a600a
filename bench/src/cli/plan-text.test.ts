import { describe, expect, it } from 'vitest';
import { METRICS, OTHER_METRICS } from '../judge/metrics.js';
import { planSight } from '../judge/plan-sight.js';
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
    const sight = (runs: number) => planSight({ comparisons: 10, runs, seed: 1 });
    expect(sight(8)).toMatchObject({ canDecide: false, leastRuns: 9, detectableRatio: null });
    expect(sight(9)).toMatchObject({ canDecide: true, leastRuns: 9 });
  });

  it('knows that 2 contenders take 6 runs each', () => {
    const sight = (runs: number) => planSight({ comparisons: 1, runs, seed: 1 });
    expect(sight(5)).toMatchObject({ canDecide: false, leastRuns: 6 });
    expect(sight(6).canDecide).toBe(true);
  });

  it('tells beforehand how long it takes and what it can find', () => {
    const [text, others] = [planText(plan), OTHER_METRICS.length];
    expect(text).toContain('10 blocks of a, b, c, d, e; 10000 orders per run, seed 1, 5 s between runs');
    expect(text).toMatch(/50 runs, about \d+ min/);
    expect(text).toContain(
      `10 pairs: Holm's strictest step is p <= 0.5 % for T100 and ${0.5 / others} % for the ${others} other metrics together; 10 blocks reach 0.195 % at best`,
    );
    expect(text).toMatch(/vary by 5 %, differences in T100 from x 1\.\d+ on are found in 80 %/);
  });

  it('tells beforehand that it can decide nothing, and what would', () => {
    // 2 / 2^n <= 0.05 / all pairs in all metrics but T100.
    const more = Math.ceil(Math.log2((2 * 10 * OTHER_METRICS.length) / 0.05));
    expect(planText({ ...plan, runs: 3 })).toContain(
      `THIS PLAN CAN NOT DECIDE ANYTHING: that takes at least 9 runs of each contender, ${more} for more than T100`,
    );
    expect(planText(plan)).toContain(
      `THIS PLAN CAN NOT DECIDE ANYTHING BUT T100: the other metrics take at least ${more} runs of each contender`,
    );
    expect(planText({ ...plan, runs: more })).not.toContain('CAN NOT DECIDE');
    expect(planText({ ...plan, contenders: ['a'] })).toContain('one contender: there is no pair to decide on');
  });

  it('with a base is of each contender against its own base alone', () => {
    const commit = 'abcdef0123456789abcdef0123456789abcdef01';
    const contenders = ['a', 'a (base abcdef0)', 'b', 'b (base abcdef0)'];
    expect(planText({ ...plan, contenders, base: { ref: 'main', commit } })).toContain('2 pairs: ');
  });

  it('of a calibration tells how many comparisons should not be decided', () => {
    const contenders = ['x (A)', 'x (B)', 'x (delayed)'];
    const text = planText({ ...plan, contenders, runs: 20, calibration: { contender: 'x', delayShare: 0.05 } });
    expect(text).toContain(`3 plans of 6 blocks or more, ${3 * METRICS.length} comparisons that should not be decided`);
    expect(text).toContain('beside (delayed) a process takes 5 % of each core');
  });
});
