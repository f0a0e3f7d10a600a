import { type AppId, type Bindings, MAX_ORDER_BYTES, type Problem } from '@order-bench/orders';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeDapr } from './fake-dapr.js';
import { type RunningServer, startServer } from './server.js';

/** Makes an app's bindings for a test. */
export type CreateBindings = (dapr: { readonly port: number; readonly timeoutMs: number }) => Bindings;

const ORDER = '{"orderId":5,"delivery":"Express","items":[{"orderItemId":1,"sku":"A","quantity":0}]}';

/** For tests: what every Express app must do, whichever way it reaches Dapr. */
export function describeApp(name: string, createBindings: CreateBindings): void {
  describe(name, () => {
    let dapr: FakeDapr;
    let app: RunningServer;

    async function start({ appId = 'distributor' as AppId, timeoutMs = 20_000 } = {}): Promise<void> {
      app = await startServer({
        appId,
        bindings: createBindings({ port: dapr.port, timeoutMs }),
        logger: pino({ level: 'silent' }),
        host: '127.0.0.1',
        port: 0,
      });
    }

    function post(body: string | Uint8Array | ReadableStream, route = '/q-order-ingress'): Promise<Response> {
      const headers = { 'content-type': 'application/json' };
      return fetch(app.url + route, { method: 'POST', body, headers, duplex: 'half' });
    }

    beforeEach(async () => {
      dapr = await FakeDapr.start();
    });

    afterEach(async () => {
      dapr.release();
      await app.stop(1_000);
      await dapr.stop();
    });

    it.each([
      ['distributor', '/q-order-ingress', 'q-order-express-out', { MessageId: '5' }],
      ['receiver-express', '/q-order-express-in', 'express-outbox', { blobName: '5', contentType: 'application/json' }],
    ] as const)('answers 200 as %s once Dapr confirmed', async (appId, route, binding, metadata) => {
      await start({ appId });
      const response = await post(ORDER, route);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('');
      expect(dapr.calls).toEqual([{ binding, body: expect.any(String) }]);
      expect(JSON.parse(dapr.calls[0]?.body ?? '')).toEqual({ operation: 'create', data: JSON.parse(ORDER), metadata });
    });

    it('answers on its own binding only, to OPTIONS as well, and says that it is healthy', async () => {
      await start({ appId: 'receiver-standard' });
      expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
      expect((await fetch(`${app.url}/q-order-standard-in`, { method: 'OPTIONS' })).status).toBe(200);
      expect((await fetch(`${app.url}/q-order-ingress`, { method: 'OPTIONS' })).status).toBe(404);
      expect((await post(ORDER, '/q-order-express-in')).status).toBe(404);
    });

    it('passes unknown keys on as they were sent', async () => {
      await start();
      const extra = '"__proto__":{"a":1},"constructor":2,"html":"<>&\\u2028ä😀","none":null';
      expect((await post(`{"orderId":1,"delivery":"standard",${extra}}`)).status).toBe(200);
      const { data } = JSON.parse(dapr.calls[0]?.body ?? '') as { data: object };
      expect(JSON.stringify(data)).toBe(JSON.stringify(JSON.parse(`{"orderId":1,"delivery":"standard",${extra}}`)));
      expect(Object.keys(data)).toContain('__proto__');
    });

    it.each([
      ['{"orderId":5}', 'delivery'],
      ['{"orderId":"5","delivery":"Express"}', 'orderId'],
      ['{"orderId":5', undefined],
      ['[]', undefined],
      ['', undefined],
    ])('answers 400 to %j, naming %s', async (body, field) => {
      await start();
      const response = await post(body);
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      const problem = (await response.json()) as Problem;
      expect(problem).toMatchObject({ status: 400, title: 'Bad Request', detail: expect.any(String) });
      expect(problem.field).toBe(field);
      expect(dapr.calls).toEqual([]);
    });

    it('answers 413 over the size limit, whether or not the size was announced', async () => {
      await start();
      const large = new Uint8Array(MAX_ORDER_BYTES + 1).fill(0x20);
      const announced = await post(large);
      expect(announced.status).toBe(413);
      expect(await announced.json()).toMatchObject({ status: 413, detail: expect.stringContaining('1048577 bytes') });
      expect((await post(new Blob([large]).stream())).status).toBe(413);
      expect(dapr.calls).toEqual([]);
    });

    it.each([
      [400, '{"errorCode":"ERR_MALFORMED_REQUEST","message":"no such binding"}', 'no such binding'],
      [500, '{"errorCode":"ERR_INVOKE_OUTPUT_BINDING","message":"queue is full"}', 'queue is full'],
    ])('answers 502 where Dapr answered %i, with what Dapr said', async (status, body, said) => {
      await start();
      dapr.answer = { status, body };
      const response = await post(ORDER);
      expect(response.status).toBe(502);
      const { detail } = (await response.json()) as Problem;
      expect(detail).toContain('q-order-express-out');
      expect(detail).toContain(String(status));
      expect(detail).toContain(said);
    });

    it('answers 502 while Dapr is gone, and 200 again without a restart', async () => {
      await start();
      expect((await post(ORDER)).status).toBe(200);
      const { port } = dapr;
      await dapr.stop();
      expect((await post(ORDER)).status).toBe(502);
      dapr = await FakeDapr.start(port);
      expect((await post(ORDER)).status).toBe(200);
    });

    it('answers 504 where Dapr takes longer than the time limit', async () => {
      await start({ timeoutMs: 300 });
      dapr.answer = 'silence';
      const response = await post(ORDER);
      expect(response.status).toBe(504);
      expect(await response.json()).toMatchObject({ status: 504, detail: expect.stringContaining('300 ms') });
    });

    it('finishes what is in flight while it stops, and answers 503 to what is new', async () => {
      await start();
      dapr.answer = 'silence';
      const inFlight = post(ORDER);
      await vi.waitFor(() => expect(dapr.calls).toHaveLength(1));
      const stopped = app.stop(20_000);
      const refused = await post(ORDER);
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ status: 503 });
      expect((await fetch(`${app.url}/healthz`)).status).toBe(503);
      dapr.release();
      expect((await inFlight).status).toBe(200);
      expect(await stopped).toBe(true);
      await expect(post(ORDER)).rejects.toThrow();
    });

    it('cuts what is in flight for longer than it may take to stop', async () => {
      await start();
      dapr.answer = 'silence';
      const inFlight = post(ORDER);
      await vi.waitFor(() => expect(dapr.calls).toHaveLength(1));
      const cut = expect(inFlight).rejects.toThrow();
      expect(await app.stop(1)).toBe(false);
      await cut;
    });

    it('keeps its connection to Dapr', async () => {
      await start();
      expect((await post(ORDER)).status).toBe(200);
      const before = dapr.connections;
      for (let i = 0; i < 20; i++) expect((await post(ORDER)).status).toBe(200);
      expect(dapr.connections).toBe(before);
    });
  });
}
