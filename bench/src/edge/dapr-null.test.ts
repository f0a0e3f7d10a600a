import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createDaprNull } from './dapr-null.js';

let server: Server;

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

test('an output binding is answered as daprd does: 204 for a queue, 200 for a blob', async () => {
  const url = await start({ latencyMs: 0, errorShare: 0 });
  expect((await invoke(url, 'q-order-express-out')).status).toBe(204);
  expect((await invoke(url, 'express-outbox')).status).toBe(200);
});

test('the share of failing calls is exact and spread evenly', async () => {
  const url = await start({ latencyMs: 0, errorShare: 0.25 });
  const statuses: number[] = [];
  for (let call = 0; call < 8; call += 1) statuses.push((await invoke(url, 'express-outbox')).status);
  expect(statuses).toEqual([200, 200, 200, 500, 200, 200, 200, 500]);
});

test('a failing call names the error that daprd names', async () => {
  const url = await start({ latencyMs: 0, errorShare: 1 });
  expect(await (await invoke(url, 'express-outbox')).json()).toMatchObject({ errorCode: 'ERR_INVOKE_OUTPUT_BINDING' });
});

test('an answer takes the latency that was set', async () => {
  const url = await start({ latencyMs: 50, errorShare: 0 });
  const startedMs = performance.now();
  await invoke(url, 'express-outbox');
  // Timers may be a millisecond early.
  expect(performance.now() - startedMs).toBeGreaterThan(48);
});

test('it is healthy, and other addresses are not there', async () => {
  const url = await start({ latencyMs: 0, errorShare: 0 });
  expect((await fetch(`${url}/v1.0/healthz`)).status).toBe(204);
  expect((await fetch(`${url}/v1.0/metadata`)).status).toBe(200);
  expect((await fetch(`${url}/v1.0/state/store`)).status).toBe(404);
});

async function start(settings: Parameters<typeof createDaprNull>[0]): Promise<string> {
  server = createDaprNull(settings).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function invoke(url: string, binding: string): Promise<Response> {
  return fetch(`${url}/v1.0/bindings/${binding}`, { method: 'POST', body: '{"operation":"create","data":{}}' });
}
