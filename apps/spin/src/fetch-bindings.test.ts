import { FakeDapr } from '@order-bench/app-contract';
import { BindingFailed, BindingTimedOut, type CreateRequest } from '@order-bench/orders';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FetchBindings } from './fetch-bindings.js';

const TEXT = '{ "delivery":"Express", "orderId":3, "__proto__":1e2, "orderId":3 }';
const REQUEST: CreateRequest = {
  binding: 'q-order-express-out',
  order: { orderId: 3, delivery: 'Express', text: TEXT, value: {} },
  metadata: { MessageId: '3' },
};

describe('bindings over fetch', () => {
  let dapr: FakeDapr;

  function bindings(): FetchBindings {
    return new FetchBindings({ daprUrl: dapr.url, fetch, timeoutMs: 20_000 });
  }

  beforeEach(async () => {
    dapr = await FakeDapr.start();
  });

  afterEach(async () => {
    vi.unstubAllGlobals();
    await dapr.stop();
  });

  it.each([200, 204])('send the order’s own text and take %i for confirmed', async status => {
    dapr.answer = status === 204 ? { status } : { status, body: '{"stored":true}' };
    await bindings().create(REQUEST);
    const body = `{"operation":"create","data":${TEXT},"metadata":{"MessageId":"3"}}`;
    expect(dapr.calls).toEqual([{ binding: 'q-order-express-out', body }]);
  });

  it.each([304, 400, 401, 500])('fail on %i with what Dapr said', async status => {
    dapr.answer = { status, body: status === 304 ? '' : 'ERR_SOMETHING' };
    const failure = bindings().create(REQUEST);
    await expect(failure).rejects.toThrow(BindingFailed);
    await expect(failure).rejects.toThrow(status === 304 ? /304/ : /Order 3: .*q-order-express-out.* ERR_SOMETHING/);
  });

  it('fail where they are sent elsewhere, and do not go there', async () => {
    dapr.answer = { status: 302, headers: { location: `${dapr.url}/v1.0/metadata` } };
    await expect(bindings().create(REQUEST)).rejects.toThrow(/302/);
  });

  it('fail where Dapr is not there, and say why', async () => {
    const unreachable = bindings();
    await dapr.stop();
    const failure = unreachable.create(REQUEST);
    await expect(failure).rejects.toThrow(BindingFailed);
    await expect(failure).rejects.toThrow(/ECONNREFUSED/);
  });

  it('end the call where Dapr takes too long', async () => {
    dapr.answer = 'silence';
    let ended = false;
    const spy: typeof fetch = (input, init) => {
      init?.signal?.addEventListener('abort', () => {
        ended = true;
      });
      return fetch(input, init);
    };
    const late = new FetchBindings({ daprUrl: dapr.url, fetch: spy, timeoutMs: 50 }).create(REQUEST);
    await expect(late).rejects.toThrow(BindingTimedOut);
    expect(ended).toBe(true);
  });

  it('give up in time without an AbortController too', async () => {
    vi.stubGlobal('AbortController', undefined);
    const silence: typeof fetch = () => new Promise(() => {});
    const late = new FetchBindings({ daprUrl: dapr.url, fetch: silence, timeoutMs: 50 }).create(REQUEST);
    await expect(late).rejects.toThrow(BindingTimedOut);
  });
});
