import { expect, test } from 'vitest';
import { failureText } from './failure-text.js';

test('a failure is told by its message alone', () => {
  expect(failureText(new Error('go build failed'))).toBe('error: go build failed');
  expect(failureText('why')).toBe('error: why');
});

test('no space is told in two lines, the second says what to free', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(failureText(error)).toMatch(/^error: there is no space left to write to\nfree some: .*\.rig\/.*$/);
});

test('a folder that may not be written to is named', () => {
  const error = Object.assign(new Error("EACCES: permission denied, mkdir '/x'"), { code: 'EACCES', path: '/x' });
  expect(failureText(error)).toBe(
    "error: EACCES: permission denied, mkdir '/x'\nlet the user that runs this write there, or name another folder",
  );
});

test('a mistake in this program is told with where it came from', () => {
  const text = failureText(new TypeError('x is undefined'));
  expect(text).toContain('failure-text.test.ts');
  expect(text).toContain('please report it');
});
