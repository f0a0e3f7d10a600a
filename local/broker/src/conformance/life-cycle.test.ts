import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { itOfBroker, type Namespace, openNamespace } from './namespace.js';

let namespace: Namespace;
beforeAll(async () => {
  namespace = await openNamespace();
});
afterAll(() => namespace.close());

describe('duplicate sends', () => {
  it('are all kept where duplicate detection is off, the default: the message-id need not be unique', async () => {
    const { queue, sender, receiver } = await newQueue();
    for (const body of ['first', 'second']) await sender.sendMessages({ messageId: 'same', body });
    const received = await receiveAll(receiver, 2);
    expect(received.map(({ messageId, body }) => [messageId, body])).toEqual([
      ['same', 'first'],
      ['same', 'second'],
    ]);
    for (const message of received) await receiver.completeMessage(message);
    await namespace.expectState(queue, { counters: { sent: 2, completed: 2 } });
  });
});

describe('order within a queue', () => {
  it('is first in first out, whichever connection a message came on', async () => {
    const { sender, receiver } = await newQueue();
    const other = new ServiceBusClient(namespace.connectionString);
    const senders = [sender, other.createSender(sender.entityPath)];
    for (let number = 0; number < 10; number++) await senders[number % 2]?.sendMessages({ body: number });
    expect((await receiveAll(receiver, 10)).map(({ body }) => body)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await other.close();
  });

  it('gives an abandoned message its place back, before younger ones', async () => {
    const { sender, receiver } = await newQueue();
    await sender.sendMessages([{ body: 'a' }, { body: 'b' }]);
    await receiver.abandonMessage(await receiveOne(receiver));
    expect((await receiveAll(receiver, 2)).map(({ body, deliveryCount }) => [body, deliveryCount])).toEqual([
      ['a', 1],
      ['b', 0],
    ]);
  });
});

describe('the lock', () => {
  itOfBroker('once expired can be neither renewed nor settled, by none of the settlements', async () => {
    const { queue, sender, receiver } = await newQueue({ lockDurationMs: 200, maxDeliveryCount: 1 });
    const attempts: ((message: ServiceBusReceivedMessage) => Promise<unknown>)[] = [
      message => receiver.renewMessageLock(message),
      message => receiver.completeMessage(message),
      message => receiver.abandonMessage(message),
      message => receiver.deferMessage(message),
      message => receiver.deadLetterMessage(message),
    ];
    await sender.sendMessages(attempts.map(() => ({ body: 'a' })));
    const received = await receiveAll(receiver, attempts.length);
    await namespace.untilState(queue, { deadLettered: 5 });
    for (const attempt of attempts) {
      const message = received.shift() as ServiceBusReceivedMessage;
      await expect(attempt(message)).rejects.toMatchObject({ code: 'MessageLockLost' });
    }
    await namespace.expectState(queue, { counters: { locksExpired: 5, completed: 0, abandoned: 0 } });
  });
});

describe('time to live', () => {
  it('does not take a locked message from its receiver, who may still complete it', async () => {
    const { queue, sender, receiver } = await newQueue();
    await sender.sendMessages({ body: 'a', timeToLive: 500 });
    const message = await receiveOne(receiver);
    expect(message.expiresAtUtc).toEqual(new Date(Number(message.enqueuedTimeUtc) + 500));
    await vi.waitUntil(() => Date.now() > Number(message.expiresAtUtc) + 100);
    await receiver.completeMessage(message);
    await namespace.expectState(queue, { counters: { completed: 1, expired: 0 } });
  });

  it('is not observed in the dead-letter queue', async () => {
    const { queue, sender, deadLetters } = await newQueue({ deadLetteringOnMessageExpiration: true });
    await sender.sendMessages({ messageId: 'id', body: 'a', timeToLive: 100 });
    await namespace.untilState(queue, { deadLettered: 1 });
    const dead = await receiveOne(deadLetters);
    await deadLetters.abandonMessage(dead);
    const again = await receiveOne(deadLetters);
    expect(Date.now()).toBeGreaterThan(Number(dead.enqueuedTimeUtc) + 100);
    expect(again).toMatchObject({ messageId: 'id', body: 'a', deadLetterReason: 'TTLExpiredException' });
  });
});

describe('a scheduled message', () => {
  it('that is enqueued can not be cancelled any more', async () => {
    const { queue, sender } = await newQueue();
    const [number] = await sender.scheduleMessages({ body: 'a' }, new Date(Date.now() + 300));
    await namespace.untilState(queue, { active: 1, scheduled: 0 });
    if (!number) throw new Error('the scheduled message has no sequence number');
    await expect(sender.cancelScheduledMessages(number)).rejects.toMatchObject({ code: 'MessageNotFound' });
    await namespace.expectState(queue, { active: 1 });
  });
});

describe('peeking', () => {
  itOfBroker('shows as many messages at once as fit in the size of one, and goes on with the next', async () => {
    const { sender, receiver } = await newQueue();
    for (const body of ['a', 'b', 'c']) await sender.sendMessages({ messageId: body, body: Buffer.alloc(600_000) });
    const pages = [await receiver.peekMessages(3), await receiver.peekMessages(3), await receiver.peekMessages(3)];
    expect(pages.map(page => page.map(({ messageId }) => messageId))).toEqual([['a'], ['b'], ['c']]);
  });

  it('counts as no delivery, and what is peeked can not be settled', async () => {
    const { queue, sender, receiver } = await newQueue();
    await sender.sendMessages({ body: 'a' });
    const [peeked] = await receiver.peekMessages(1);
    await expect(receiver.completeMessage(peeked as ServiceBusReceivedMessage)).rejects.toThrow('peeked');
    expect(await receiveOne(receiver)).toMatchObject({ body: 'a', deliveryCount: 0 });
    await namespace.expectState(queue, { counters: { delivered: 1, redelivered: 0 } });
  });
});

async function newQueue(settings = {}) {
  const queue = await namespace.createQueue(settings);
  const { bus } = namespace;
  return {
    queue,
    sender: bus.createSender(queue),
    receiver: bus.createReceiver(queue, { maxAutoLockRenewalDurationInMs: 0 }),
    deadLetters: bus.createReceiver(queue, { subQueueType: 'deadLetter' }),
  };
}

/** So many messages, in the order in which they came. */
async function receiveAll(receiver: ServiceBusReceiver, count: number): Promise<ServiceBusReceivedMessage[]> {
  const received: ServiceBusReceivedMessage[] = [];
  while (received.length < count) {
    received.push(...(await receiver.receiveMessages(count - received.length, { maxWaitTimeInMs: 10_000 })));
  }
  return received;
}

async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
  if (!message) throw new Error(`nothing came from ${receiver.entityPath} within 10 s`);
  return message;
}
