import { expect, test } from 'vitest';
import { isLocalHost } from './local-host.js';

test.each(['127.0.0.1:5673', '127.0.0.1', 'localhost:5673', 'LOCALHOST'])('%s is this machine', host => {
  expect(isLocalHost(host)).toBe(true);
});

test.each([
  'evil.example:5673',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '127.0.0.1:5673@evil',
  '',
  undefined,
])('%s is another', host => {
  expect(isLocalHost(host)).toBe(false);
});
