import { fileURLToPath } from 'node:url';
import {
  AppProcess,
  FAITHFUL_NUMBERS,
  FakeDapr,
  PROPERTY_HEADERS,
  UNFAITHFUL_NUMBERS,
} from '@order-bench/app-contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const ENTRY = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const ORDER = '{"orderId":5,"delivery":"Express","__proto__":{"a":"<>&"}}';

describe('the app that does no more than the two hops', () => {
  let dapr: FakeDapr;
  let app: AppProcess;

  async function start(APP_ID: string, DAPR_API_TOKEN = ''): Promise<void> {
    const daprAddress = { DAPR_HTTP_HOST: '127.0.0.1', DAPR_HTTP_PORT: String(dapr.port) };
    app = await AppProcess.startNode(ENTRY, { APP_ID, ...daprAddress, DAPR_API_TOKEN });
    await vi.waitFor(() => fetch(`${app.url}/healthz`), { timeout: 20_000 });
  }

  function post(route: string, body = ORDER, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(app.url + route, { method: 'POST', body, headers });
  }

  beforeEach(async () => {
    dapr = await FakeDapr.start();
  });

  afterEach(async () => {
    app.kill('SIGKILL');
    await app.exit;
    await dapr.stop();
  });

  it.each([
    ['distributor', '/q-order-ingress', 'q-order-express-out', { MessageId: '5' }],
    ['receiver-express', '/q-order-express-in', 'express-outbox', { blobName: '5', contentType: 'application/json' }],
    [
      'receiver-standard',
      '/q-order-standard-in',
      'standard-outbox',
      { blobName: '5', contentType: 'application/json' },
    ],
  ])('takes an order through %s unchanged and answers 200', async (appId, route, binding, metadata) => {
    await start(appId);
    expect((await post(route)).status).toBe(200);
    const body = `{"operation":"create","data":${ORDER},"metadata":${JSON.stringify(metadata)}}`;
    expect(dapr.calls).toEqual([{ binding, body }]);
  });

  it('finishes the order in flight on SIGTERM and exits with 0', async () => {
    await start('distributor');
    dapr.answer = 'silence';
    const inFlight = post('/q-order-ingress');
    await vi.waitFor(() => expect(dapr.calls).toHaveLength(1), { timeout: 20_000 });
    app.kill('SIGTERM');
    await vi.waitFor(() => expect(fetch(`${app.url}/healthz`)).rejects.toThrow(), { timeout: 20_000 });
    dapr.release();
    expect((await inFlight).status).toBe(200);
    expect((await app.exit).code).toBe(0);
  });

  it('refuses numbers that Dapr would alter, and passes the others on', async () => {
    await start('distributor');
    for (const [order] of UNFAITHFUL_NUMBERS) expect((await post('/q-order-ingress', order)).status).toBe(400);
    expect(dapr.calls).toEqual([]);
    expect((await post('/q-order-ingress', FAITHFUL_NUMBERS)).status).toBe(200);
    expect(dapr.calls[0]?.body).toContain(FAITHFUL_NUMBERS);
  });

  it('takes an order whatever properties its message has', async () => {
    await start('distributor');
    for (const [what, headers] of PROPERTY_HEADERS)
      expect((await post('/q-order-ingress', ORDER, headers)).status, what).toBe(200);
  });

  it('answers 502 where Dapr did not confirm', async () => {
    await start('distributor');
    dapr.answer = { status: 500, body: '{"errorCode":"ERR_INVOKE_OUTPUT_BINDING"}' };
    expect((await post('/q-order-ingress')).status).toBe(502);
    await dapr.stop();
    expect((await post('/q-order-ingress')).status).toBe(502);
  });

  it('sends Dapr the token that Dapr wants', async () => {
    dapr.apiToken = 'token of Dapr';
    await start('distributor', dapr.apiToken);
    expect((await post('/q-order-ingress')).status).toBe(200);
  });

  it('answers OPTIONS with 200', async () => {
    await start('distributor');
    expect((await fetch(`${app.url}/q-order-ingress`, { method: 'OPTIONS' })).status).toBe(200);
  });
});
