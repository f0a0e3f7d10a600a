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

test('a name of its own is this machine, with any port, and no other is', () => {
  const own = 'broker.orders.svc.cluster.local';
  expect(isLocalHost('broker.orders.svc.cluster.local:5673', own)).toBe(true);
  expect(isLocalHost('127.0.0.1:5673', own)).toBe(true);
  expect(isLocalHost('broker.orders.svc.cluster.local.evil.example', own)).toBe(false);
  expect(isLocalHost('broker', own)).toBe(false);
});
