import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { itOfBroker, type Namespace, openNamespace } from './namespace.js';

const SHORT_LOCK = { lockDurationMs: 400 };

let namespace: Namespace;
beforeAll(async () => {
  namespace = await openNamespace();
});
afterAll(() => namespace.close());

describe('peek-lock', () => {
  it('hides a message from other receivers while it is locked', async () => {
    const { receiver, other } = await queueOfOne();
    const message = await receiveOne(receiver);
    expect(message.lockedUntilUtc?.getTime()).toBeGreaterThan(Date.now());
    expect(await other.receiveMessages(1, { maxWaitTimeInMs: 100 })).toEqual([]);
  });

  it('complete removes the message', async () => {
    const { queue, receiver } = await queueOfOne();
    await receiver.completeMessage(await receiveOne(receiver));
    await namespace.expectState(queue, { active: 0, locked: 0, counters: { completed: 1 } });
  });

  it('abandon makes it available again at once, counts the delivery and takes properties', async () => {
    const { receiver, other } = await queueOfOne();
    await receiver.abandonMessage(await receiveOne(receiver), { why: 'busy' });
    const again = await receiveOne(other);
    expect(again).toMatchObject({ deliveryCount: 1, applicationProperties: { why: 'busy' } });
  });

  itOfBroker('an expired lock makes it available again and counts the delivery', async () => {
    const { queue, receiver, other } = await queueOfOne(SHORT_LOCK);
    const message = await receiveOne(receiver);
    expect(await receiveOne(other)).toMatchObject({ deliveryCount: 1 });
    await expect(receiver.completeMessage(message)).rejects.toMatchObject({ code: 'MessageLockLost' });
    await expect(receiver.renewMessageLock(message)).rejects.toMatchObject({
      code: 'MessageLockLost',
      message: expect.stringContaining('The lock supplied is invalid. Either the lock expired, or the message has'),
    });
    await namespace.expectState(queue, { counters: { locksExpired: expect.toSatisfy(count => count >= 1) } });
  });

  itOfBroker('renewing the lock keeps it for another lock duration', async () => {
    const { queue, receiver } = await queueOfOne({ lockDurationMs: 2000 });
    const message = await receiveOne(receiver);
    const firstUntilMs = Number(message.lockedUntilUtc);
    while (Date.now() < firstUntilMs + 200) {
      const beforeMs = Date.now();
      expect((await receiver.renewMessageLock(message)).getTime()).toBeGreaterThanOrEqual(beforeMs + 1990);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    await receiver.completeMessage(message);
    await namespace.expectState(queue, { counters: { locksExpired: 0, completed: 1, delivered: 1 } });
  });

  itOfBroker('a lock outlives the link and the connection that took it', async () => {
    const { queue, other } = await queueOfOne({ lockDurationMs: 2500 });
    const client = new ServiceBusClient(namespace.connectionString);
    const message = await receiveOne(client.createReceiver(queue));
    await client.close();
    await namespace.expectState(queue, { locked: 1, active: 0 });
    const again = await receiveOne(other);
    expect(Date.now()).toBeGreaterThanOrEqual(Number(message.lockedUntilUtc));
    expect(again).toMatchObject({ messageId: message.messageId, deliveryCount: 1 });
  });

  itOfBroker('the client renews the locks of the messages that it holds', async () => {
    const { queue } = await queueOfOne({ lockDurationMs: 2000 });
    const receiver = namespace.bus.createReceiver(queue);
    const message = await receiveOne(receiver);
    await namespace.untilState(queue, { counters: { locksRenewed: expect.toSatisfy(count => count >= 2) } });
    await receiver.completeMessage(message);
    await namespace.expectState(queue, { counters: { delivered: 1, locksExpired: 0 } });
  });

  it('a message can be settled by its lock token after its link was closed', async () => {
    const { queue, receiver, other } = await queueOfOne();
    const message = await receiveOne(receiver);
    await receiver.close();
    await other.completeMessage(message);
    await namespace.expectState(queue, { locked: 0, counters: { completed: 1 } });
  });

  it('a message is delivered at most maxDeliveryCount times', async () => {
    const { queue, receiver } = await queueOfOne({ maxDeliveryCount: 3 });
    for (let delivery = 0; delivery < 3; delivery++) {
      const message = await receiveOne(receiver);
      expect(message.deliveryCount).toBe(delivery);
      await receiver.abandonMessage(message);
    }
    await namespace.expectState(queue, { active: 0, deadLettered: 1 });
  });

  it('a processor gets each message once, whatever its concurrency', async () => {
    const { queue, sender, receiver } = await queueOfOne();
    await sender.sendMessages(Array.from({ length: 299 }, (_, number) => ({ body: number })));
    const seen: string[] = [];
    const subscription = receiver.subscribe(
      {
        processMessage: async message => {
          seen.push(String(message.messageId));
        },
        processError: async ({ error }) => {
          throw error;
        },
      },
      { maxConcurrentCalls: 20 },
    );
    await vi.waitUntil(() => seen.length >= 300, { timeout: 20_000 });
    await namespace.untilState(queue, { counters: { completed: 300 } });
    await subscription.close();
    expect(new Set(seen).size).toBe(300);
    expect(seen).toHaveLength(300);
  });
});

describe('receive-and-delete', () => {
  it('removes messages as they are delivered', async () => {
    const { queue } = await queueOfOne();
    const receiver = namespace.bus.createReceiver(queue, { receiveMode: 'receiveAndDelete' });
    expect(await receiver.receiveMessages(5, { maxWaitTimeInMs: 1000 })).toHaveLength(1);
    await namespace.expectState(queue, { active: 0, locked: 0, counters: { completed: 1 } });
  });
});

describe('waiting', () => {
  it('ends with nothing when no message comes, and the receiver works on', async () => {
    const queue = await namespace.createQueue();
    const receiver = namespace.bus.createReceiver(queue);
    expect(await receiver.receiveMessages(10, { maxWaitTimeInMs: 100 })).toEqual([]);
    await namespace.bus.createSender(queue).sendMessages({ body: 'a' });
    expect(await receiver.receiveMessages(10, { maxWaitTimeInMs: 5000 })).toHaveLength(1);
  });

  it('leaves no message locked that the caller did not get', async () => {
    const { queue, sender, receiver } = await queueOfOne();
    await sender.sendMessages(Array.from({ length: 30 }, (_, number) => ({ body: number })));
    const received = await receiver.receiveMessages(7);
    await namespace.expectState(queue, { locked: received.length, active: 31 - received.length });
  });
});

describe('peeking', () => {
  it('shows messages in order, locked ones too, without locking any', async () => {
    const { queue, sender, receiver, other } = await queueOfOne();
    await sender.sendMessages([{ body: 'b' }, { body: 'c' }]);
    await receiveOne(receiver);
    expect((await other.peekMessages(10)).map(({ body }) => body)).toEqual(['a', 'b', 'c']);
    await namespace.expectState(queue, { locked: 1, active: 2 });
  });

  it('goes on where it stopped, or from a sequence number', async () => {
    const { sender, receiver } = await queueOfOne();
    await sender.sendMessages([{ body: 'b' }, { body: 'c' }]);
    const pages = [await receiver.peekMessages(2), await receiver.peekMessages(2), await receiver.peekMessages(2)];
    expect(pages.map(page => page.map(({ body }) => body))).toEqual([['a', 'b'], ['c'], []]);
    const [second] = pages[0]?.slice(1) ?? [];
    const fromSecond = second?.sequenceNumber ? { fromSequenceNumber: second.sequenceNumber } : {};
    expect((await receiver.peekMessages(5, fromSecond)).map(({ body }) => body)).toEqual(['b', 'c']);
  });
});

async function queueOfOne(settings = {}) {
  const queue = await namespace.createQueue(settings);
  const { bus } = namespace;
  const sender = bus.createSender(queue);
  await sender.sendMessages({ body: 'a' });
  // The client renews locks by itself otherwise, and the tests are about locks that nobody renews.
  const unrenewed = { maxAutoLockRenewalDurationInMs: 0 };
  return { queue, sender, receiver: bus.createReceiver(queue, unrenewed), other: bus.createReceiver(queue, unrenewed) };
}

async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
  if (!message) throw new Error(`nothing came from ${receiver.entityPath} within 10 s`);
  return message;
}
