import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '@order-bench/app-contract';
import { expect, it } from 'vitest';

const FULL_DEVICE = '/dev/full';
const ENTRY = fileURLToPath(new URL('../dist/main.js', import.meta.url));

it.skipIf(!existsSync(FULL_DEVICE))(
  'answers, and stops on SIGTERM, where there is no space left for its log',
  async () => {
    const port = await freePort();
    const full = openSync(FULL_DEVICE, 'w');
    const app = spawn(process.execPath, [ENTRY], {
      stdio: ['ignore', full, full],
      env: {
        ...process.env,
        ...{ APP_ID: 'distributor', APP_HOST: '127.0.0.1', APP_PORT: `${port}` },
        ...{ DAPR_HTTP_HOST: '127.0.0.1', DAPR_HTTP_PORT: '9' },
      },
    });
    const exit = once(app, 'exit');
    try {
      const status = async (path: string, init: RequestInit = {}) =>
        (await fetch(`http://127.0.0.1:${port}${path}`, { ...init, signal: AbortSignal.timeout(2_000) })).status;
      await expect.poll(() => status('/healthz').catch(() => 0), { timeout: 10_000 }).toBe(200);
      // A refused order is logged.
      const malformed = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
      for (let time = 0; time < 3; time++) expect(await status('/q-order-ingress', malformed)).toBe(400);
      app.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
    } finally {
      app.kill('SIGKILL');
    }
  },
);
