import { probit } from 'simple-statistics';
import { expect, it } from 'vitest';
import { blockedPermutationTest } from './blocked-permutation-test.js';
import { randomIndex } from './random-index.js';
import { smallestDetectableRatio } from './smallest-detectable-ratio.js';

const SPREAD = 0.04;
const sight = { runs: 10, alpha: 0.05, power: 0.8, seed: 3 };
const seen = Array.from({ length: 99 }, (_, index) => 0.3 + SPREAD * probit((index + 0.5) / 99));

it('is found by the test in 80 % of all comparisons', () => {
  const ratio = smallestDetectableRatio(seen, sight) ?? Number.NaN;
  const random = randomIndex(5);
  const draw = () => ratio * Math.exp(SPREAD * probit((random(1e6) + 0.5) / 1e6));
  const comparisons = Array.from({ length: 1000 }, () => Array.from({ length: 10 }, () => ({ a: draw(), b: 1 })));
  const found = comparisons.filter(blocks => blockedPermutationTest(blocks) <= 0.05).length / comparisons.length;
  expect(found).toBeGreaterThan(0.74);
  expect(found).toBeLessThan(0.86);
});

it('falls with the runs, and rises with the spread and with a stricter level', () => {
  const of = (changes: object, spread = 1) =>
    smallestDetectableRatio(
      seen.map(value => value * spread),
      { ...sight, ...changes },
    ) ?? Number.NaN;
  expect(of({ runs: 30 })).toBeLessThan(of({}));
  expect(of({}, 2)).toBeGreaterThan(of({}));
  expect(of({ alpha: 0.005 })).toBeGreaterThan(of({}));
  expect(of({}, 0)).toBe(1);
});

it('does not exist where the runs can never decide, or too few blocks show how much they vary', () => {
  expect(smallestDetectableRatio(seen, { ...sight, runs: 5 })).toBeNull();
  expect(smallestDetectableRatio(seen, { ...sight, alpha: 0.0001 })).toBeNull();
  expect(smallestDetectableRatio([0.1, 0.2, Number.POSITIVE_INFINITY], sight)).toBeNull();
});
