import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { cacheDir } from './cache-dir.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('is in the folder that XDG_CACHE_HOME names', () => {
  vi.stubEnv('XDG_CACHE_HOME', '/caches');
  expect(cacheDir()).toBe('/caches/order-bench');
});

test.each(['rel', './rel', ''])('is in the home where XDG_CACHE_HOME is no absolute path: %j', value => {
  vi.stubEnv('XDG_CACHE_HOME', value);
  expect(cacheDir()).toMatch(new RegExp(`^${join(homedir(), '/')}.*order-bench$`));
});

test('without a home it says what to set', () => {
  vi.stubEnv('XDG_CACHE_HOME', undefined);
  vi.stubEnv('HOME', '');
  expect(() => cacheDir()).toThrow('set HOME, or XDG_CACHE_HOME');
});
