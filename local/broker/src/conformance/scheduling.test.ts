import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itOfBroker, type Namespace, openNamespace } from './namespace.js';

const IN_AN_HOUR_MS = 3_600_000;

let namespace: Namespace;
beforeAll(async () => {
  namespace = await openNamespace();
});
afterAll(() => namespace.close());

describe('scheduled messages', () => {
  it('become available at the scheduled time, not before', async () => {
    const { queue, sender, receiver } = await newQueue();
    const at = new Date(Date.now() + 1500);
    await sender.scheduleMessages([{ body: 'a' }, { body: 'b' }], at);
    await namespace.expectState(queue, { scheduled: 2, active: 0 });
    const received = await receiver.receiveMessages(2, { maxWaitTimeInMs: 10_000 });
    expect(Date.now()).toBeGreaterThanOrEqual(at.getTime());
    expect(received).toMatchObject([{ state: 'scheduled' }, { state: 'scheduled' }]);
    expect(received[0]?.scheduledEnqueueTimeUtc).toEqual(at);
    expect(received[0]?.enqueuedTimeUtc?.getTime()).toBeGreaterThanOrEqual(at.getTime());
  });

  it('may be sent as ordinary messages with a scheduled enqueue time', async () => {
    const { queue, sender, receiver } = await newQueue();
    const at = new Date(Date.now() + 500);
    await sender.sendMessages({ body: 'a', scheduledEnqueueTimeUtc: at });
    expect((await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 })).map(({ body }) => body)).toEqual(['a']);
    await namespace.expectState(queue, { counters: { scheduled: 1 } });
    expect(Date.now()).toBeGreaterThanOrEqual(at.getTime());
  });

  it('get a new sequence number when they are enqueued', async () => {
    const { sender, receiver } = await newQueue();
    const [scheduled] = await sender.scheduleMessages({ body: 'a' }, new Date(Date.now() + 1500));
    await sender.sendMessages({ body: 'b' });
    const received = await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
    received.push(...(await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 })));
    expect(scheduled?.toNumber()).toBe(1);
    expect(received.map(({ body, sequenceNumber }) => [body, sequenceNumber?.toNumber()])).toEqual([
      ['b', 2],
      ['a', 3],
    ]);
  });

  it('can be cancelled by sequence number while they are scheduled', async () => {
    const { queue, sender } = await newQueue();
    const at = new Date(Date.now() + IN_AN_HOUR_MS);
    const [first, second] = await sender.scheduleMessages([{ body: 'a' }, { body: 'b' }], at);
    if (first) await sender.cancelScheduledMessages(first);
    await namespace.expectState(queue, { scheduled: 1, counters: { cancelled: 1 } });
    if (first) await expect(sender.cancelScheduledMessages(first)).rejects.toMatchObject({ code: 'MessageNotFound' });
    if (second) await sender.cancelScheduledMessages(second);
    await namespace.expectState(queue, { scheduled: 0, active: 0 });
  });

  it('can be peeked', async () => {
    const { sender, receiver } = await newQueue();
    await sender.scheduleMessages({ body: 'a' }, new Date(Date.now() + IN_AN_HOUR_MS));
    expect(await receiver.peekMessages(1)).toMatchObject([{ body: 'a', state: 'scheduled' }]);
  });

  itOfBroker('are taken by the thousand in one request, of the size of a message at most', async () => {
    const { queue, sender } = await newQueue();
    const at = new Date(Date.now() + IN_AN_HOUR_MS);
    const messages = Array.from({ length: 2000 }, () => ({ body: Buffer.alloc(300) }));
    expect(await sender.scheduleMessages(messages, at)).toHaveLength(2000);
    const tooMuch = [{ body: Buffer.alloc(600_000) }, { body: Buffer.alloc(600_000) }];
    await expect(sender.scheduleMessages(tooMuch, at)).rejects.toMatchObject({ code: 'MessageSizeExceeded' });
    await namespace.expectState(queue, { scheduled: 2000 });
  });
});

async function newQueue(settings = {}) {
  const queue = await namespace.createQueue(settings);
  return { queue, sender: namespace.bus.createSender(queue), receiver: namespace.bus.createReceiver(queue) };
}
