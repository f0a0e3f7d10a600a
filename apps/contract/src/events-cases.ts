import { type Events, type Order, orderWritten, PublishFailed } from '@order-bench/orders';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeDapr } from './fake-dapr.js';

const ORDER: Order = { orderId: 3, delivery: 'Express', text: '{}', value: {} };
const REQUEST = { order: ORDER, event: orderWritten(ORDER, new Date(0)) };

/** Makes the events of a flavour that speak to a daprd, with the time that it has to confirm one. */
export type CreateEvents = (dapr: FakeDapr, timeoutMs: number) => Events;

/** For tests: what publishing has to do in every flavour. */
export function describeEvents(name: string, create: CreateEvents): void {
  describe(name, () => {
    let dapr: FakeDapr;

    beforeEach(async () => {
      dapr = await FakeDapr.start();
    });

    afterEach(() => dapr.stop());

    it('are sent as they are, under their id, and confirmed by Dapr', async () => {
      await create(dapr, 20_000).publish(REQUEST);
      const [{ to, contentType, event } = { to: '', contentType: '', event: '' }] = dapr.published;
      expect(to).toBe('orders-events/orders');
      expect(contentType).toContain('application/cloudevents+json');
      expect(JSON.parse(event)).toEqual(REQUEST.event);
    });

    it('fail with what Dapr said', async () => {
      dapr.answer = { status: 500, body: '{"errorCode":"ERR_PUBSUB_PUBLISH_MESSAGE"}' };
      const failure = create(dapr, 20_000).publish(REQUEST);
      await expect(failure).rejects.toThrow(PublishFailed);
      await expect(failure).rejects.toThrow(/Order 3: .*ERR_PUBSUB_PUBLISH_MESSAGE/);
    });

    it.each(['cut', 'noise'] as const)('fail where Dapr ends the call: %s', async answer => {
      dapr.answer = answer;
      await expect(create(dapr, 20_000).publish(REQUEST)).rejects.toThrow(PublishFailed);
    });

    it('fail where Dapr is late', async () => {
      dapr.answer = 'silence';
      await expect(create(dapr, 1).publish(REQUEST)).rejects.toThrow('did not answer within 1 ms');
    });
  });
}
