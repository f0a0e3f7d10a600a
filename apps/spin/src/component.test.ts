import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppProcess } from '@order-bench/express-app/app-process';
import { FakeDapr } from '@order-bench/express-app/fake-dapr';
import { MAX_ORDER_BYTES, type Problem } from '@order-bench/orders';
import { findSpin } from '@order-bench/rig';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const APP_DIR = fileURLToPath(new URL('..', import.meta.url));
const ORDER = '{ "orderId":5, "delivery":"Express", "__proto__":{"html":"<>&\\u2028ä😀"} }';

/** Both the components and, without a spin, its stand-in may have to be built first. */
const BUILD_LIMIT_MS = 1_200_000;

/** The first start compiles the components to machine code. */
const START_LIMIT_MS = 120_000;

describe('the built components, on a Spin host', () => {
  let dapr: FakeDapr;
  let app: AppProcess;

  beforeAll(async () => {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: APP_DIR, stdio: 'inherit' });
    dapr = await FakeDapr.start();
    app = await startSpin(dapr.url);
  }, BUILD_LIMIT_MS);

  afterAll(async () => {
    app?.kill('SIGTERM');
    await app?.exit;
    await dapr?.stop();
  });

  beforeEach(() => {
    dapr.release();
    dapr.calls.length = 0;
    dapr.answer = { status: 204 };
  });

  function post(body: string | Uint8Array | ReadableStream, route = '/q-order-ingress'): Promise<Response> {
    return fetch(app.url + route, { method: 'POST', body, duplex: 'half' });
  }

  it.each([
    ['/q-order-ingress', 'q-order-express-out', { MessageId: '5' }],
    ['/q-order-express-in', 'express-outbox', { blobName: '5', contentType: 'application/json' }],
    ['/q-order-standard-in', 'express-outbox', { blobName: '5', contentType: 'application/json' }],
  ])('take an order from %s to %s unchanged and answer 200', async (route, binding, metadata) => {
    const response = await post(ORDER, route);
    expect(response.status).toBe(200);
    const body = `{"operation":"create","data":${ORDER},"metadata":${JSON.stringify(metadata)}}`;
    expect(dapr.calls).toEqual([{ binding, body }]);
  });

  it.each(['/q-order-ingress', '/q-order-express-in', '/q-order-standard-in'])('answer OPTIONS %s', async route => {
    expect((await fetch(app.url + route, { method: 'OPTIONS' })).status).toBe(200);
    expect((await fetch(app.url + route)).status).toBe(405);
  });

  it.each([
    ['{"orderId":5}', 'delivery'],
    ['{"orderId":5,"delivery":"Express","items":[{}]}', 'items.0.orderItemId'],
    ['{"orderId":5', undefined],
    ['{"orderId":5,"delivery":"Express","extra":1e400}', undefined],
    ['', undefined],
  ])('answer 400 to %j, naming %s', async (body, field) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(((await response.json()) as Problem).field).toBe(field);
    expect(dapr.calls).toEqual([]);
  });

  it('answer 400 to invalid UTF-8 and to a byte order mark', async () => {
    const bytes = new TextEncoder().encode(`{"orderId":5,"delivery":"Express","name":"?"}`);
    bytes[bytes.indexOf('?'.charCodeAt(0))] = 0xff;
    expect((await post(bytes)).status).toBe(400);
    expect((await post(`\uFEFF${ORDER}`)).status).toBe(400);
  });

  it('take an order of exactly the largest size, and answer 413 to a larger one', async () => {
    const order = '{"orderId":5,"delivery":"Express"}';
    const largest = order.padEnd(MAX_ORDER_BYTES);
    expect((await post(largest)).status).toBe(200);
    expect(dapr.calls[0]?.body).toBe(`{"operation":"create","data":${largest},"metadata":{"MessageId":"5"}}`);
    const larger = new Uint8Array(MAX_ORDER_BYTES + 1).fill(0x20);
    expect((await post(larger)).status).toBe(413);
    expect((await post(new Blob([larger]).stream())).status).toBe(413);
  });

  it('answer 502 with what Dapr said', async () => {
    dapr.answer = { status: 500, body: '{"errorCode":"ERR_INVOKE_OUTPUT_BINDING","message":"queue is full"}' };
    const response = await post(ORDER);
    expect(response.status).toBe(502);
    expect(((await response.json()) as Problem).detail).toContain('queue is full');
  });

  it('answer 502 while Dapr is gone', async () => {
    const { port } = dapr;
    await dapr.stop();
    expect((await post(ORDER)).status).toBe(502);
    dapr = await FakeDapr.start(port);
    expect((await post(ORDER)).status).toBe(200);
  });

  it('answer 504 where Dapr takes longer than 10 s, and others meanwhile', async () => {
    dapr.answer = 'silence';
    const late = post(ORDER);
    await vi.waitFor(() => expect(dapr.calls).toHaveLength(1), { timeout: 20_000 });
    dapr.answer = { status: 204 };
    expect((await post(ORDER)).status).toBe(200);
    const response = await late;
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('10000 ms') });
  });
});

it(
  'a component started by its id answers on its own route alone',
  async () => {
    const dapr = await FakeDapr.start();
    const app = await startSpin(dapr.url, '--component-id', 'receiver-standard');
    try {
      const body = '{"orderId":6,"delivery":"STANDARD"}';
      expect((await fetch(`${app.url}/q-order-standard-in`, { method: 'POST', body })).status).toBe(200);
      expect((await fetch(`${app.url}/q-order-express-in`, { method: 'POST', body })).status).toBe(404);
      expect(dapr.calls.map(({ binding }) => binding)).toEqual(['standard-outbox']);
    } finally {
      app.kill('SIGTERM');
      await app.exit;
      await dapr.stop();
    }
  },
  START_LIMIT_MS,
);

/** Starts the app with every component's Dapr at one address, and waits until it is healthy. */
async function startSpin(daprUrl: string, ...flags: readonly string[]): Promise<AppProcess> {
  const { command } = await findSpin();
  const app = await AppProcess.start(
    port => [...command, 'up', '--from', `${APP_DIR}spin.toml`, '--listen', `127.0.0.1:${port}`, ...flags],
    () => ({
      SPIN_VARIABLE_DISTRIBUTOR_DAPR_URL: daprUrl,
      SPIN_VARIABLE_RECEIVER_EXPRESS_DAPR_URL: daprUrl,
      SPIN_VARIABLE_RECEIVER_STANDARD_DAPR_URL: daprUrl,
    }),
  );
  const healthy = vi.waitFor(async () => expect((await fetch(`${app.url}/.well-known/spin/health`)).status).toBe(200), {
    timeout: START_LIMIT_MS,
    interval: 100,
  });
  const ended = app.exit.then(({ output }) => Promise.reject(new Error(`spin ended at its start:\n${output}`)));
  try {
    await Promise.race([healthy, ended]);
    return app;
  } catch (error) {
    app.kill('SIGKILL');
    throw error;
  }
}
