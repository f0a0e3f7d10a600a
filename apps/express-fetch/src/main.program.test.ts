import { fileURLToPath } from 'node:url';
import { AppProcess, FakeDapr } from '@order-bench/app-contract';
import { expect, it, vi } from 'vitest';

const ENTRY = fileURLToPath(new URL('../dist/main.js', import.meta.url));

it('takes an order to Dapr as the process that the bench starts, and ends with 0', async () => {
  const dapr = await FakeDapr.start();
  const env = { APP_ID: 'distributor', DAPR_HTTP_HOST: '127.0.0.1', DAPR_HTTP_PORT: String(dapr.port) };
  const app = await AppProcess.startNode(ENTRY, env);
  try {
    await vi.waitFor(() => fetch(`${app.url}/healthz`), { timeout: 20_000 });
    const body = '{"orderId":9,"delivery":"standard"}';
    expect((await fetch(`${app.url}/q-order-ingress`, { method: 'POST', body })).status).toBe(200);
    expect(dapr.calls).toEqual([
      {
        binding: 'q-order-standard-out',
        body: `{"operation":"create","data":${body},"metadata":{"MessageId":"9"}}`,
      },
    ]);
    app.kill('SIGTERM');
    expect((await app.exit).code).toBe(0);
  } finally {
    app.kill('SIGKILL');
    await app.exit;
    await dapr.stop();
  }
});
