import { expect, test } from 'vitest';
import { noProxyForLoopback } from './no-proxy.js';

test.each([
  [{}, '127.0.0.1,localhost,::1'],
  [{ NO_PROXY: 'corp.example' }, 'corp.example,127.0.0.1,localhost,::1'],
  [{ no_proxy: 'a, b', NO_PROXY: 'b,localhost' }, 'b,localhost,a,127.0.0.1,::1'],
])('a proxy never gets calls to this machine, and keeps out of what it was kept out of: %j', (env, hosts) => {
  const changed: NodeJS.ProcessEnv = { ...env };
  noProxyForLoopback(changed);
  expect(changed).toEqual({ NO_PROXY: hosts, no_proxy: hosts });
});
