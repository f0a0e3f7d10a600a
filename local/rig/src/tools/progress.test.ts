import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ProgressOutput, withProgress } from './progress.js';

beforeEach(() => vi.stubEnv('TERM', 'xterm'));
afterEach(() => vi.unstubAllEnvs());

test('a log gets a line when the work begins and one when it ends, with the time it took', async () => {
  const { output, text } = recorder();
  expect(await withProgress('building it', async () => 7, output)).toBe(7);
  expect(text()).toBe('building it\n  took 0 s\n');
});

test('a terminal gets one line that is rewritten', async () => {
  const { output, text } = recorder(true);
  await withProgress('building it', async () => undefined, output);
  expect(text()).toBe('\rbuilding it (0 s)\rbuilding it (took 0 s)\n');
});

test('a terminal that can do nothing is a log', async () => {
  vi.stubEnv('TERM', 'dumb');
  const { output, text } = recorder(true);
  await withProgress('building it', async () => undefined, output);
  expect(text()).toBe('building it\n  took 0 s\n');
});

test('failed work is said to have failed, and its error passed on', async () => {
  const { output, text } = recorder();
  await expect(withProgress('building it', () => Promise.reject(new Error('broken')), output)).rejects.toThrow(
    'broken',
  );
  expect(text()).toContain('failed after 0 s');
});

function recorder(isTTY = false): { output: ProgressOutput; text: () => string } {
  let written = '';
  return { output: { isTTY, write: chunk => (written += chunk) }, text: () => written };
}
