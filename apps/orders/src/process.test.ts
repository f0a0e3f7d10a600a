import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BindingFailed, type Bindings, BindingTimedOut, type CreateRequest } from './bindings.js';
import { type Events, PublishFailed, type PublishRequest } from './events.js';
import { APP_IDS } from './names.js';
import { processOrder } from './process.js';

const TRACE = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: 'a=1' };

const EXPRESS = Buffer.from('{"orderId":12,"delivery":"EXPRESS","extra":true}');
const STANDARD = Buffer.from('{"orderId":13,"delivery":"standard"}');

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

describe('a receiver that is to publish', () => {
  const published: PublishRequest[] = [];
  const publishing: Events = { publish: async request => void published.push(request) };
  const away: Events = { publish: request => Promise.reject(new PublishFailed(request, 'no broker')) };

  it('tells the topic once the blob is confirmed, with one id for every repeat', async () => {
    const delivery = { appId: 'receiver-express', bytes: EXPRESS, bindings: new RecordingBindings() } as const;
    for (let time = 0; time < 2; time++) {
      expect(await processOrder({ ...delivery, events: publishing, trace: TRACE })).toEqual({ kind: 'done' });
    }
    const event = {
      ...{ specversion: '1.0', id: 'evt_written_12', source: '/receivers/express', type: 'order.written' },
      ...{ subject: '12', time: expect.stringMatching(/Z$/), datacontenttype: 'application/json' },
      data: { orderId: 12, delivery: 'express' },
    };
    expect(published).toEqual([
      { order: expect.anything(), event, trace: TRACE },
      { order: expect.anything(), event, trace: TRACE },
    ]);
  });

  it('publishes nothing of an order whose blob is not confirmed', async () => {
    published.length = 0;
    const bindings = failing(request => new BindingFailed(request, '500'));
    await processOrder({ appId: 'receiver-express', bytes: EXPRESS, bindings, events: publishing });
    expect(published).toEqual([]);
  });

  it('is not done with an order whose event is not confirmed: it comes again, and both steps with it', async () => {
    const bindings = new RecordingBindings();
    const delivery = { appId: 'receiver-standard', bytes: STANDARD, bindings } as const;
    expect(await processOrder({ ...delivery, events: away })).toEqual({
      kind: 'binding-failed',
      detail: 'Order 13: publishing to orders-events failed: no broker',
    });
    expect(await processOrder({ ...delivery, events: publishing })).toEqual({ kind: 'done' });
    expect(bindings.requests).toHaveLength(2);
  });

  it('publishes nothing as distributor', async () => {
    published.length = 0;
    const bindings = new RecordingBindings();
    await processOrder({ appId: 'distributor', bytes: EXPRESS, bindings, events: publishing });
    expect(published).toEqual([]);
  });
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
