import { expect, test } from 'vitest';
import { highestHeld } from './highest-held.js';

test.each([
  [437, 800],
  [437, 100],
  [2_000, 10],
  [3, 500],
])('a limit of %i is found to 5 %% from %i on', async (limit, first) => {
  const { found, tried } = await search(limit, first);
  expect(found).toBeLessThanOrEqual(limit);
  expect(Math.min(...tried.filter(rate => rate > limit))).toBeLessThanOrEqual(
    Math.max((found ?? 0) * 1.05, (found ?? 0) + 1),
  );
});

test('no rate is tried twice', async () => {
  const { tried } = await search(437, 800);
  expect(new Set(tried).size).toBe(tried.length);
  expect(tried.length).toBeLessThan(10);
});

test('an app that holds not even one order a second has no highest rate', async () => {
  const { found, tried } = await search(0, 100);
  expect(found).toBeNull();
  expect(tried.at(-1)).toBe(1);
});

test('a rate that only seemed to be held is lowered until it is', async () => {
  const { found, asked } = await search(437, 800, 300);
  expect(found).toBeLessThanOrEqual(300);
  expect(found).toBeGreaterThan(300 / 1.06);
  expect(asked.filter(rate => rate > 300).length).toBeGreaterThan(0);
});

test('a rate that did not seem to be held is found where it is', async () => {
  const { found, asked } = await search(300, 800, 437);
  expect(found).toBeLessThanOrEqual(437);
  expect(found).toBeGreaterThan(437 / 1.06);
  expect(asked.at(-1)).toBeGreaterThan(437);
});

test('the answer and the next rate above it were asked for themselves', async () => {
  const { found, asked } = await search(437, 800);
  expect(asked).toContain(found);
  expect(asked.some(rate => rate > 437)).toBe(true);
});

test('an app that never holds what it seems to is given up', async () => {
  expect((await search(437, 800, 0)).found).toBeNull();
});

/** @param limit - Up to here a rate seems to be held; up to `holdLimit` it is. */
async function search(limit: number, first: number, holdLimit = limit) {
  const tried: number[] = [];
  const asked: number[] = [];
  const found = await highestHeld({
    first,
    resolution: 0.05,
    seemsHeld: async rate => tried.push(rate) > 0 && rate <= limit,
    isHeld: async rate => asked.push(rate) > 0 && rate <= holdLimit,
  });
  return { found, tried, asked };
}
