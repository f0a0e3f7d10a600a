import { expect, it } from 'vitest';
import { holm } from './holm.js';

const rounded = (values: number[]) => values.map(value => Math.round(value * 1e6) / 1e6);

// Widely printed worked example: four hypotheses of which, at 5 %, the first and the last are rejected.
it('adjusts the worked example', () => {
  expect(rounded(holm([0.01, 0.04, 0.03, 0.005]))).toEqual([0.03, 0.06, 0.06, 0.02]);
});

it('never lets a larger p value come out smaller, nor above 1', () => {
  expect(rounded(holm([0.02, 0.021, 0.9, 0.6]))).toEqual([0.08, 0.08, 1, 1]);
});

it('leaves a single p value alone', () => {
  expect(holm([0.05])).toEqual([0.05]);
  expect(holm([])).toEqual([]);
});
