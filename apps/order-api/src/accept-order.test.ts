import { describe, expect, it } from 'vitest';
import { handleRequest } from './handle.js';
import { RESUME_AFTER_MS } from './idempotency.js';
import { type Fuse, killedEverywhere, MemoryCache, MemoryPipeline, MemoryQueue, MemoryState } from './memory-ports.js';
import { viewRoutes } from './view.js';

/** A system of its own, and a caller that posts to it until it is told that its order is accepted. */
function makeCaller(body: string, headers: Readonly<Record<string, string>>) {
  const state = new MemoryState();
  const pipeline = new MemoryPipeline();
  let nowMs = Date.UTC(2026, 0, 1);
  return {
    state,
    pipeline,
    async post(fuse: Fuse): Promise<string> {
      nowMs += RESUME_AFTER_MS;
      const request = {
        method: 'POST',
        path: '/orders',
        query: new URLSearchParams(),
        header: (name: string) => ({ 'content-type': 'application/json', ...headers })[name],
        body: async () => new TextEncoder().encode(body),
      };
      const options = {
        ...{
          state: fuse.guard(state),
          pipeline: fuse.guard(pipeline),
          cache: new MemoryCache(),
          queue: new MemoryQueue(),
        },
        ...{ webhookRules: { isLocal: false }, token: '', allowedOrigins: [], now: () => nowMs },
      };
      const answer = await handleRequest(request, options);
      expect(answer.status).toBe(202);
      return answer.headers.location ?? '';
    },
  };
}

describe('an order that is accepted', () => {
  it.each([
    ['with an id', '{"orderId":7,"delivery":"Express"}', {}],
    ['with an id and a key', '{"orderId":7,"delivery":"Express"}', { 'idempotency-key': 'k' }],
    ['without an id, by its key', '{"delivery":"Express"}', { 'idempotency-key': 'k' }],
  ])(
    'is sent, once it may be several times but as one order, whatever is killed between two steps: %s',
    async (_what, body, headers) => {
      let caller = makeCaller(body, headers);
      const operations = await killedEverywhere(async fuse => {
        const location = await caller.post(fuse);
        const { state, pipeline } = caller;
        expect(new Set(pipeline.sent.map(({ orderId }) => `/orders/${orderId}`))).toEqual(new Set([location]));
        await pipeline.publishTo(viewRoutes({ state, pipeline }));
        const kept = [...state.values.entries()].filter(([key]) => key.startsWith('order-'));
        expect(kept).toMatchObject([[location.replace('/orders/', 'order-'), { value: { written: {} } }]]);
        caller = makeCaller(body, headers);
      });
      expect(operations).toBeGreaterThan(1);
    },
  );
});
