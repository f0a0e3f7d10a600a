import { expect, test } from 'vitest';
import { DrainCurve } from './drain-curve.js';

test('a curve begins with the first written order, and leaves out looks at which nothing moved', () => {
  const curve = new DrainCurve('made-up');
  curve.add(0, 1000);
  expect(curve.drain).toBeNull();
  curve.add(5, 1500);
  curve.add(5, 2000);
  curve.add(9, 2500);
  expect(curve.drain).toEqual({
    contender: 'made-up',
    curve: [
      [0, 5],
      [1000, 9],
    ],
  });
});

test('a long drain has as few points as a short one, from its first to almost its last', () => {
  const curve = new DrainCurve('made-up');
  for (let written = 1; written <= 5000; written++) curve.add(written, written);
  const points = curve.drain?.curve ?? [];
  expect(points.length).toBeLessThanOrEqual(201);
  expect(points[0]).toEqual([0, 1]);
  expect(points.at(-1)?.[1]).toBeGreaterThan(4900);
});
