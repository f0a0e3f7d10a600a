import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BindingFailed, type Bindings, BindingTimedOut, type CreateRequest } from './bindings.js';
import { APP_IDS } from './names.js';
import { processOrder } from './process.js';

const TRACE = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: 'a=1' };

const EXPRESS = Buffer.from('{"orderId":12,"delivery":"EXPRESS","extra":true}');

it('the distributor puts the parent of a trace into the message, where alone the receiver will find it', async () => {
  const bindings = new RecordingBindings();
  await processOrder({ appId: 'distributor', bytes: EXPRESS, bindings, trace: TRACE });
  const metadata = { MessageId: '12', traceparent: TRACE.traceparent };
  expect(bindings.requests).toEqual([expect.objectContaining({ metadata, trace: TRACE })]);
});

it('a receiver passes a trace on with its call and keeps it out of the blob', async () => {
  const bindings = new RecordingBindings();
  await processOrder({ appId: 'receiver-express', bytes: EXPRESS, bindings, trace: TRACE });
  const metadata = { blobName: '12', contentType: 'application/json' };
  expect(bindings.requests).toEqual([expect.objectContaining({ metadata, trace: TRACE })]);
});

describe.each(APP_IDS)('%s', appId => {
  it('calls no binding for an order that it refuses', async () => {
    const bindings = new RecordingBindings();
    const bytes = Buffer.from('{"orderId":1}');
    expect(await processOrder({ appId, bytes, bindings })).toMatchObject({ kind: 'malformed', field: 'delivery' });
    expect(bindings.requests).toEqual([]);
  });

  it('is never done with an order that its binding did not confirm', async () => {
    const failed = failing(request => new BindingFailed(request, '500 ERR_INVOKE_OUTPUT_BINDING'));
    expect(await processOrder({ appId, bytes: EXPRESS, bindings: failed })).toEqual({
      kind: 'binding-failed',
      detail: expect.stringMatching(/^Order 12: .* failed: 500 ERR_INVOKE_OUTPUT_BINDING$/),
    });
    const timedOut = failing(request => new BindingTimedOut(request, 10));
    expect(await processOrder({ appId, bytes: EXPRESS, bindings: timedOut })).toMatchObject({
      kind: 'binding-timed-out',
    });
  });

  it('hides no defect behind an outcome', async () => {
    const defect = new TypeError('undefined is not a function');
    await expect(processOrder({ appId, bytes: EXPRESS, bindings: failing(() => defect) })).rejects.toBe(defect);
  });
});

it('passes every order on exactly once, unchanged, whatever it holds', async () => {
  const orders = fc.record(
    {
      orderId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      delivery: fc.mixedCase(fc.constantFrom('express', 'standard')),
      description: fc.string({ maxLength: 50, unit: 'grapheme' }),
      extra: fc.jsonValue(),
    },
    { requiredKeys: ['orderId', 'delivery'] },
  );
  await fc.assert(
    fc.asyncProperty(orders, async sent => {
      const bindings = new RecordingBindings();
      const text = JSON.stringify(sent);
      await processOrder({ appId: 'distributor', bytes: Buffer.from(text), bindings });
      expect(bindings.requests).toHaveLength(1);
      expect(bindings.requests[0]?.order.text).toBe(text);
      expect(bindings.requests[0]?.binding).toBe(`q-order-${sent.delivery.toLowerCase()}-out`);
      expect(bindings.requests[0]?.metadata).toEqual({ MessageId: String(sent.orderId) });
    }),
  );
});

class RecordingBindings implements Bindings {
  readonly requests: CreateRequest[] = [];

  async create(request: CreateRequest): Promise<void> {
    this.requests.push(request);
  }
}

function failing(errorFor: (request: CreateRequest) => Error): Bindings {
  return { create: request => Promise.reject(errorFor(request)) };
}
