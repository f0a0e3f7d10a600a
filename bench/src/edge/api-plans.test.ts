import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { API_PLANS } from './api-plans.js';
import { API_TESTS_DIR } from './run-k6.js';

test('every test has a script, and every script is a test', async () => {
  const scripts = (await readdir(API_TESTS_DIR)).map(name => name.replace(/\.ts$/, ''));
  expect(Object.keys(API_PLANS).toSorted()).toEqual(scripts.toSorted());
});

const OPEN = Object.entries(API_PLANS).filter(([, parts]) => parts.every(({ lines }) => lines === undefined));

test.each(OPEN)('%s measures for about 20 s', (_, parts) => {
  const seconds = parts.reduce((sum, { durationS }) => sum + durationS, 0);
  expect(seconds).toBeGreaterThanOrEqual(18);
  expect(seconds).toBeLessThanOrEqual(20);
});
