import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { exampleK6Run } from '../../test-kit/example-k6-results.js';
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
