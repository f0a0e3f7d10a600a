import { fileURLToPath } from 'node:url';
import { AppProcess, FakeDapr } from '@order-bench/app-contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const ENTRY = fileURLToPath(new URL('../dist/main.js', import.meta.url));

describe('the process of an Express app', () => {
  let dapr: FakeDapr;
  let app: AppProcess | undefined;

  async function start(env: Readonly<Record<string, string>>): Promise<AppProcess> {
    app = await AppProcess.startNode(ENTRY, { DAPR_HTTP_PORT: String(dapr.port), ...env });
    return app;
  }

  beforeEach(async () => {
    dapr = await FakeDapr.start();
  });

  afterEach(async () => {
    app?.kill('SIGKILL');
    await app?.exit;
    app = undefined;
    await dapr.stop();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('finishes the order in flight on %s and exits with 0', async signal => {
    const { url, exit } = await start({ APP_ID: 'receiver-standard' });
    await vi.waitFor(async () => expect((await fetch(`${url}/healthz`)).status).toBe(200), { timeout: 20_000 });
    dapr.answer = 'silence';
    const body = '{"orderId":77,"delivery":"Standard","firstName":"Wilhelmina"}';
    const inFlight = fetch(`${url}/q-order-standard-in`, { method: 'POST', body });
    await vi.waitFor(() => expect(dapr.calls).toHaveLength(1), { timeout: 20_000 });
    app?.kill(signal);
    await vi.waitFor(async () => expect((await fetch(`${url}/healthz`)).status).toBe(503), { timeout: 20_000 });
    dapr.release();
    expect((await inFlight).status).toBe(200);
    const { code, output } = await exit;
    expect(code).toBe(0);
    expect(output).toContain('The app listens.');
    expect(output).not.toContain('Wilhelmina');
  });

  it.each([
    [{ APP_ID: 'distributer' }, 'APP_ID is "distributer"; set it to one of distributor'],
    [{ APP_ID: 'distributor', APP_PORT: 'http' }, 'APP_PORT is "http"'],
    [{ APP_ID: 'distributor', DAPR_HTTP_PORT: '70000' }, 'DAPR_HTTP_PORT is "70000"'],
  ])('refuses to start with %j and says what to set', async (env, message) => {
    const { code, output } = await (await start(env)).exit;
    expect(code).toBe(1);
    expect(output).toContain(message);
  });
});
