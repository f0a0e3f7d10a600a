import { expect, it } from 'vitest';
import { calibrate } from './calibrate.js';
import { endedAs, exampleRuns } from './example-runs.js';

const plan = { contenders: ['calm', 'wild'], runs: 10, orders: 1000, seed: 1, coolDownS: 5, tuning: {} };
const calm = (spread: number, blocks = 10) =>
  exampleRuns({ drainMs: { calm: 10_000, wild: 12_000 }, blocks, spread, seed: 4 });

it('decides seldom where there is nothing, and finds a delay of 5 % where runs vary by 2 %', () => {
  const found = calibrate(calm(0.02), plan);
  expect(found).toMatchObject({ metric: 't100Ms', runs: 10, comparisons: 200, delayRatio: 1.05 });
  expect(found.decidedWithItself).toBeLessThanOrEqual(0.07);
  expect(found.found).toBeGreaterThanOrEqual(0.8);
  expect(found.foundAfterHolm).toBeLessThanOrEqual(found.found);
  expect(found.runsNeeded).toBeLessThanOrEqual(10);
});

it('names the runs that it would take where runs vary by 5 %', () => {
  const found = calibrate(calm(0.05), plan);
  expect(found.decidedWithItself).toBeLessThanOrEqual(0.07);
  expect(found.found).toBeLessThan(0.8);
  expect(found.runsNeeded).toBeGreaterThan(10);
});

it('says so where even 100 runs are too few', () => {
  expect(calibrate(calm(0.5), plan).runsNeeded).toBeNull();
});

it('takes the contender that varies most, and gives the same figures again', () => {
  const runs = [
    ...calm(0.005).filter(({ contender }) => contender === 'calm'),
    ...calm(0.05).filter(({ contender }) => contender === 'wild'),
  ];
  expect(calibrate(runs, plan).contender).toBe('wild');
  expect(calibrate(runs, plan)).toEqual(calibrate(runs, plan));
});

it('refuses too few complete runs', () => {
  const incomplete = calm(0.02).map((run, index) => (index < 10 ? endedAs(run, 'incomplete') : run));
  expect(() => calibrate(incomplete, plan)).toThrow('calibrating takes 6 complete runs of one contender');
});
