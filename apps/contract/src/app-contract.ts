import type { AppId } from '@order-bench/orders';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeDapr } from './fake-dapr.js';

/** An app that listens in its test's own process. */
export interface AppInProcess {
  /** Without a slash at the end. */
  readonly url: string;
  /** Finishes what is in flight; resolves to false where it had to cut something after `limitMs`. */
  stop(limitMs: number): Promise<boolean>;
}

/** Starts an app that logs nothing on a free port of 127.0.0.1, and gives up on Dapr after `timeoutMs`. */
export type StartInProcess = (settings: {
  readonly appId: AppId;
  readonly daprPort: number;
  readonly timeoutMs: number;
}) => Promise<AppInProcess>;

const ORDER = '{"orderId":5,"delivery":"Express","items":[{"orderItemId":1,"sku":"A","quantity":0}]}';

/** What every Express app must do in one process with its test; `app-cases.ts` has what every contender must. */
export function describeApp(name: string, startApp: StartInProcess): void {
  describe(name, () => {
    let dapr: FakeDapr;
    let app: AppInProcess;

    async function start(appId: AppId = 'distributor'): Promise<void> {
      app = await startApp({ appId, daprPort: dapr.port, timeoutMs: 20_000 });
    }

    function post(body: string, route = '/q-order-ingress'): Promise<Response> {
      const headers = { 'content-type': 'application/json' };
      return fetch(app.url + route, { method: 'POST', body, headers });
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
      await start(appId);
      const response = await post(ORDER, route);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('');
      expect(dapr.calls).toEqual([{ binding, body: expect.any(String) }]);
      expect(JSON.parse(dapr.calls[0]?.body ?? '')).toEqual({ operation: 'create', data: JSON.parse(ORDER), metadata });
    });

    it('answers on its own binding only, to OPTIONS as well, and says that it is healthy', async () => {
      await start('receiver-standard');
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
