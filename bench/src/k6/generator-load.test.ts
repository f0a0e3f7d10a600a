import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { pastLimit } from './breakpoint.js';
import { exampleK6Run } from './example-k6-results.js';
import { bottleneckOf, generatorBusyShare } from './generator-load.js';

const USED = { generatorCpuMs: 500, appCpuMs: 300, elapsedMs: 1_000 };

test('on split cores the generator is held against its own', () => {
  expect(generatorBusyShare({ ...USED, cores: { app: [0], generator: [1, 2] } })).toBe(0.25);
});

test('on shared cores it is held, with the app, against all', () => {
  expect(generatorBusyShare({ ...USED, cores: null })).toBeCloseTo(0.8 / availableParallelism());
});

test('a generator that had hardly any time left was the bottleneck, and the reason has its number', () => {
  const generator = { k6CpuMs: 1, stubCpuMs: 1, busyShare: 0.93 };
  expect(bottleneckOf(exampleK6Run(100, { generator }))).toContain('93 %');
  expect(bottleneckOf(exampleK6Run(100))).toBeNull();
});

test.each([
  ['bears', { taken: 900, refused: 0, unanswered: 0, dropped: 0 }],
  ['saturates', { taken: 590, refused: 0, unanswered: 0, dropped: 310 }],
  ['collapses', { taken: 100, refused: 300, unanswered: 400, dropped: 100 }],
])('an app past its limit %s', (verdict, orders) => {
  expect(pastLimit({ orders, durationMs: 6_000 }, 100, 6)).toMatchObject({ verdict });
});

test('what an app takes past its limit is judged by the time in which orders were sent', () => {
  const orders = { taken: 594, refused: 0, unanswered: 1, dropped: 305 };
  expect(pastLimit({ orders, durationMs: 21_000 }, 100, 6).takenShareOfHeld).toBeCloseTo(0.99);
  expect(pastLimit({ orders: { ...orders, taken: 99 }, durationMs: 1_000 }, 100, 6).takenShareOfHeld).toBeCloseTo(0.99);
});
