import { BINDING_TIME_LIMIT_MS, orderWritten } from '@order-bench/orders';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { handleDelivery } from './from-dapr.js';
import type { ApiRequest } from './http.js';
import { killedEverywhere, MemoryPipeline, MemoryState } from './memory-ports.js';
import type { StatePort } from './ports.js';
import { type ViewOptions, viewRoutes } from './view.js';

const TEXT = '{"orderId":7,"delivery":"Express"}';
const ORDER = { orderId: 7, delivery: 'Express', text: TEXT, value: {} };
const EVENT = orderWritten(ORDER, new Date(Date.UTC(2026, 0, 2)));
const STUB = { orderId: 7, digest: 'd', route: 'express', acceptedAt: '2026-01-01T00:00:00.000Z' };

let state: MemoryState;
let pipeline: MemoryPipeline;

beforeEach(async () => {
  state = new MemoryState();
  pipeline = new MemoryPipeline();
  await pipeline.send({ orderId: 7, text: TEXT });
});

function deliver(event: unknown, options: ViewOptions = { state, pipeline }, request: Partial<ApiRequest> = {}) {
  const body = new TextEncoder().encode(typeof event === 'string' ? event : JSON.stringify(event));
  const delivery: ApiRequest = {
    method: 'POST',
    path: '/events/orders',
    query: new URLSearchParams(),
    header: name => (name === 'dapr-api-token' ? 'secret' : undefined),
    body: async limitBytes => (body.length > limitBytes ? undefined : body),
    ...request,
  };
  return handleDelivery(delivery, { routes: viewRoutes(options), appApiToken: 'secret' });
}

const record = () => state.values.get('order-7')?.value;

describe('the read model', () => {
  it('keeps of an accepted order that it is written, when, and which bytes', async () => {
    await state.create('order-7', STUB);
    expect(await deliver(EVENT)).toMatchObject({ status: 200, body: '{"status":"SUCCESS"}' });
    expect(record()).toEqual({
      ...STUB,
      written: { at: '2026-01-02T00:00:00.000Z', blobName: '7', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it('changes nothing by a repeat, an older or a newer one', async () => {
    await state.create('order-7', STUB);
    await deliver(EVENT);
    const { etag } = state.values.get('order-7') ?? {};
    for (const day of [1, 2, 3]) {
      expect((await deliver(orderWritten(ORDER, new Date(Date.UTC(2026, 0, day))))).status).toBe(200);
    }
    expect(state.values.get('order-7')?.etag).toBe(etag);
  });

  it('makes the record of an order that came into the pipeline another way', async () => {
    await deliver(EVENT);
    expect(record()).toMatchObject({
      orderId: 7,
      route: 'express',
      acceptedAt: EVENT.time,
      written: { blobName: '7' },
    });
  });

  it('loses nothing of what others change meanwhile', async () => {
    await state.create('order-7', STUB);
    let isFirst = true;
    const contended: StatePort = {
      get: key => state.get(key),
      create: (key, value) => state.create(key, value),
      remove: (key, etag) => state.remove(key, etag),
      async replace(key, value, etag) {
        if (isFirst) await state.replace(key, { ...STUB, note: 'of somebody else' }, etag);
        isFirst = false;
        return state.replace(key, value, etag);
      },
    };
    expect((await deliver(EVENT, { state: contended, pipeline })).status).toBe(200);
    expect(record()).toMatchObject({ note: 'of somebody else', written: { blobName: '7' } });
  });

  it('is asked again where others change it all the time', async () => {
    await state.create('order-7', STUB);
    vi.useFakeTimers({ toFake: ['Date'] });
    const busy: StatePort = {
      ...guardless(state),
      async replace() {
        vi.setSystemTime(Date.now() + BINDING_TIME_LIMIT_MS / 4);
        return false;
      },
    };
    try {
      expect((await deliver(EVENT, { state: busy, pipeline })).status).toBe(503);
    } finally {
      vi.useRealTimers();
    }
  });

  it('has the event come again where the state is away, and where the blob can not be read', async () => {
    state.isAway = true;
    expect((await deliver(EVENT)).status).toBe(503);
    state.isAway = false;
    pipeline.isWriting = false;
    expect((await deliver(EVENT)).status).toBe(502);
    expect(record()).toBeUndefined();
  });

  it('is right after a kill between any two steps and the next delivery', async () => {
    const operations = await killedEverywhere(async fuse => {
      await deliver(EVENT, { state: fuse.guard(state), pipeline: fuse.guard(pipeline) });
      expect(record()).toMatchObject({ written: { blobName: '7' } });
      state = new MemoryState();
    });
    expect(operations).toBe(3);
  });
});

describe('an event', () => {
  it.each([
    ['no JSON', '{'],
    ['no object', 'null'],
    ['no CloudEvent', '{"orderId":7}'],
    ['of another version', { ...EVENT, specversion: '0.3' }],
    ['without data', { ...EVENT, data: undefined }],
    ['of an order that can not be', { ...EVENT, data: { orderId: '7', delivery: 'express' } }],
    ['with a delivery that can not be', { ...EVENT, data: { orderId: 7, delivery: 'air' } }],
    ['without a time', { ...EVENT, time: 'soon' }],
  ])('that can not be read is dropped into the dead letters, never 404: %s', async (_what, event) => {
    expect(await deliver(event)).toMatchObject({ status: 200, body: '{"status":"DROP"}' });
    expect(state.values.size).toBe(0);
  });

  it('of another type is somebody else’s', async () => {
    expect(await deliver({ ...EVENT, type: 'order.shipped' })).toMatchObject({
      status: 200,
      body: '{"status":"SUCCESS"}',
    });
    expect(state.values.size).toBe(0);
  });

  it('with fields that this version does not know is read', async () => {
    await deliver({ ...EVENT, topic: 'orders', traceparent: 'x', data: { ...EVENT.data, more: 1 } });
    expect(record()).toBeDefined();
  });

  it('is taken from daprd alone, and only by POST', async () => {
    expect((await deliver(EVENT, undefined, { header: () => undefined })).status).toBe(401);
    expect((await deliver(EVENT, undefined, { header: () => 'other' })).status).toBe(401);
    expect((await deliver(EVENT, undefined, { method: 'GET' })).status).toBe(405);
    expect((await deliver(EVENT, undefined, { method: 'OPTIONS' })).status).toBe(200);
    expect((await deliver('x'.repeat(70_000))).status).toBe(413);
    expect(state.values.size).toBe(0);
  });
});

function guardless(port: MemoryState): StatePort {
  return {
    get: key => port.get(key),
    create: (key, value) => port.create(key, value),
    replace: (key, value, etag) => port.replace(key, value, etag),
    remove: (key, etag) => port.remove(key, etag),
  };
}
