import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itOfBroker, type Namespace, openNamespace } from './namespace.js';

let namespace: Namespace;
beforeAll(async () => {
  namespace = await openNamespace();
});
afterAll(() => namespace.close());

describe('sending', () => {
  it('stores a message with its properties, and the receiver gets them as they were sent', async () => {
    const { sender, receiver } = await newQueue();
    const message = {
      messageId: 'id',
      correlationId: 'correlation',
      subject: 'subject',
      contentType: 'application/json',
      to: 'to',
      replyTo: 'reply-to',
      body: { text: '<>& \u2028 é' },
      applicationProperties: { text: 'a', number: 1.5, flag: true },
    };
    await sender.sendMessages(message);
    const [received] = await receiver.receiveMessages(1);
    expect(received).toMatchObject({ ...message, deliveryCount: 0, state: 'active' });
    expect(received?.enqueuedTimeUtc).toBeInstanceOf(Date);
  });

  it('leaves a binary body byte for byte', async () => {
    const { sender, receiver } = await newQueue();
    const body = Buffer.from(Array.from({ length: 512 }, (_, byte) => byte % 256));
    await sender.sendMessages({ body });
    const [received] = await receiver.receiveMessages(1);
    expect(received?.body).toEqual(body);
  });

  it('stores every message of a batch, in order', async () => {
    const { sender, receiver } = await newQueue();
    const batch = await sender.createMessageBatch();
    for (let number = 0; number < 50; number++) batch.tryAddMessage({ body: number });
    await sender.sendMessages(batch);
    const received = await receiver.receiveMessages(50);
    expect(received.map(({ body }) => body)).toEqual(Array.from({ length: 50 }, (_, number) => number));
  });

  it('numbers messages in the order in which they were accepted', async () => {
    const { sender, receiver } = await newQueue();
    await sender.sendMessages([{ body: 'a' }, { body: 'b' }]);
    await sender.sendMessages({ body: 'c' });
    const received = await receiver.receiveMessages(3);
    expect(received.map(({ sequenceNumber }) => sequenceNumber?.toNumber())).toEqual([1, 2, 3]);
  });

  it('gives a message without one a message-id', async () => {
    const { sender, receiver } = await newQueue();
    await sender.sendMessages({ body: 'a' });
    expect((await receiver.receiveMessages(1))[0]?.messageId).toBeTruthy();
  });

  itOfBroker('states the largest message on the link, and refuses a larger one', async () => {
    const { sender, queue } = await newQueue();
    expect((await sender.createMessageBatch()).maxSizeInBytes).toBe(1024 ** 2);
    await expect(sender.sendMessages({ body: Buffer.alloc(1024 ** 2) })).rejects.toMatchObject({
      code: 'MessageSizeExceeded',
    });
    await sender.sendMessages({ body: Buffer.alloc(1024 ** 2 - 1000) });
    await namespace.expectState(queue, { active: 1 });
  });

  itOfBroker('to a full queue is refused with the quota error, and works again once there is room', async () => {
    const { sender, receiver } = await newQueue({ maxSizeBytes: 1500 });
    await sender.sendMessages({ body: Buffer.alloc(1000) });
    await expect(sender.sendMessages({ body: Buffer.alloc(1000) })).rejects.toMatchObject({ code: 'QuotaExceeded' });
    for (const message of await receiver.receiveMessages(1)) await receiver.completeMessage(message);
    await sender.sendMessages({ body: Buffer.alloc(1000) });
  });
});

describe('addresses', () => {
  it('do not depend on case', async () => {
    const { queue, sender } = await newQueue();
    await sender.sendMessages({ body: 'a' });
    const receiver = namespace.bus.createReceiver(queue.toUpperCase());
    expect(await receiver.receiveMessages(1)).toHaveLength(1);
    expect(await receiver.peekMessages(1)).toHaveLength(1);
  });

  it('that name no queue are refused', async () => {
    const missing = { code: 'MessagingEntityNotFound' };
    await expect(namespace.bus.createSender('missing').sendMessages({ body: 'a' })).rejects.toMatchObject(missing);
    const receiver = namespace.bus.createReceiver('missing');
    await expect(receiver.receiveMessages(1)).rejects.toMatchObject(missing);
    await expect(receiver.peekMessages(1)).rejects.toMatchObject(missing);
  });

  itOfBroker('can not be opened with a session: the broker has none', async () => {
    const { queue } = await newQueue();
    await expect(namespace.bus.acceptSession(queue, 'session')).rejects.toThrow('session');
  });
});

async function newQueue(settings = {}) {
  const queue = await namespace.createQueue(settings);
  return { queue, sender: namespace.bus.createSender(queue), receiver: namespace.bus.createReceiver(queue) };
}
