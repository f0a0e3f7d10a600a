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

async function search(limit: number, first: number): Promise<{ found: number | null; tried: number[] }> {
  const tried: number[] = [];
  const isHeld = async (rate: number) => {
    tried.push(rate);
    return rate <= limit;
  };
  return { found: await highestHeld({ first, resolution: 0.05, isHeld }), tried };
}
