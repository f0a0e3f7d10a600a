import { CommunicationProtocolEnum, DaprClient } from '@dapr/dapr';
import { FakeDapr } from '@order-bench/app-contract';
import { type Order, orderWritten, PublishFailed } from '@order-bench/orders';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DaprEvents } from './dapr-events.js';
import { daprLog } from './dapr-log.js';

const ORDER: Order = { orderId: 3, delivery: 'Express', text: '{}', value: {} };
const REQUEST = { order: ORDER, event: orderWritten(ORDER, new Date(0)) };

describe('events by @dapr/dapr', () => {
  let dapr: FakeDapr;

  function events(timeoutMs: number): DaprEvents {
    const client = new DaprClient({
      daprHost: '127.0.0.1',
      daprPort: String(dapr.port),
      communicationProtocol: CommunicationProtocolEnum.HTTP,
      logger: daprLog(pino({ level: 'silent' })),
    });
    client.daprClient.setIsInitialized(true);
    return new DaprEvents({ client, timeoutMs });
  }

  beforeEach(async () => {
    dapr = await FakeDapr.start();
  });

  afterEach(() => dapr.stop());

  it('are sent as they are, under their id, and confirmed by Dapr', async () => {
    await events(20_000).publish(REQUEST);
    const [{ to, contentType, event } = { to: '', contentType: '', event: '' }] = dapr.published;
    expect(to).toBe('orders-events/orders');
    expect(contentType).toContain('application/cloudevents+json');
    expect(JSON.parse(event)).toEqual(REQUEST.event);
  });

  it('fail with what Dapr said', async () => {
    dapr.answer = { status: 500, body: '{"errorCode":"ERR_PUBSUB_PUBLISH_MESSAGE"}' };
    const failure = events(20_000).publish(REQUEST);
    await expect(failure).rejects.toThrow(PublishFailed);
    await expect(failure).rejects.toThrow(/Order 3: .*ERR_PUBSUB_PUBLISH_MESSAGE/);
  });

  it.each(['cut', 'noise'] as const)('fail where Dapr ends the call: %s', async answer => {
    dapr.answer = answer;
    await expect(events(20_000).publish(REQUEST)).rejects.toThrow(PublishFailed);
  });

  it('fail where Dapr is late', async () => {
    dapr.answer = 'silence';
    await expect(events(1).publish(REQUEST)).rejects.toThrow('did not answer within 1 ms');
  });
});
