import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itOfBroker, type Namespace, openNamespace } from './namespace.js';

const IN_AN_HOUR_MS = 3_600_000;

let namespace: Namespace;
beforeAll(async () => {
  namespace = await openNamespace();
});
afterAll(() => namespace.close());

describe('a topic', () => {
  it('copies a message with its properties to each of its subscriptions', async () => {
    const { sender, view, worker } = await newTopic();
    const message = {
      messageId: 'id',
      correlationId: 'correlation',
      contentType: 'application/cloudevents+json',
      body: { text: '<>& é' },
      applicationProperties: { text: 'a', number: 1.5, flag: true },
    };
    await sender.sendMessages(message);
    for (const receiver of [view, worker]) {
      expect(await receiveOne(receiver)).toMatchObject({ ...message, deliveryCount: 0, state: 'active' });
    }
  });

  it('gives both copies of a message without one the same message-id', async () => {
    const { sender, view, worker } = await newTopic();
    await sender.sendMessages({ body: 'a' });
    const { messageId } = await receiveOne(view);
    expect(messageId).toBeTruthy();
    expect(await receiveOne(worker)).toMatchObject({ messageId });
  });

  it('copies a batch in order', async () => {
    const { sender, view } = await newTopic();
    const batch = await sender.createMessageBatch();
    for (let number = 0; number < 50; number++) batch.tryAddMessage({ body: number });
    await sender.sendMessages(batch);
    const received = await view.receiveMessages(50);
    expect(received.map(({ body }) => body)).toEqual(Array.from({ length: 50 }, (_, number) => number));
  });

  it('keeps each copy on its own: settling one changes nothing on the other', async () => {
    const { topic, sender, view, worker } = await newTopic();
    await sender.sendMessages({ body: 'a' });
    await view.completeMessage(await receiveOne(view));
    await namespace.expectState(`${topic}/Subscriptions/view`, { active: 0, counters: { sent: 1, completed: 1 } });
    await namespace.expectState(`${topic}/Subscriptions/worker`, { active: 1, counters: { sent: 1, delivered: 0 } });
    await worker.abandonMessage(await receiveOne(worker));
    await namespace.expectState(`${topic}/Subscriptions/worker`, { active: 1, counters: { abandoned: 1 } });
  });

  it('takes a message that no subscription wants, and it is gone', async () => {
    const topic = await namespace.createTopic([]);
    await expect(namespace.bus.createSender(topic).sendMessages({ body: 'lost' })).resolves.toBeUndefined();
  });

  it('holds scheduled messages until their time, and copies them then', async () => {
    const { topic, sender, view, worker } = await newTopic();
    const at = new Date(Date.now() + 1500);
    await sender.scheduleMessages([{ body: 'a' }, { body: 'b' }], at);
    await namespace.expectState(`${topic}/Subscriptions/view`, { active: 0 });
    for (const receiver of [view, worker]) expect((await receiveOne(receiver)).body).toBe('a');
    expect(Date.now()).toBeGreaterThanOrEqual(at.getTime());
  });

  it('takes back what is scheduled', async () => {
    const { sender, view } = await newTopic();
    const [first, second] = await sender.scheduleMessages(
      [{ body: 'a' }, { body: 'b' }],
      new Date(Date.now() + IN_AN_HOUR_MS),
    );
    if (!first || !second) throw new Error('no sequence numbers came');
    await sender.cancelScheduledMessages([first, second]);
    await expect(sender.cancelScheduledMessages(first)).rejects.toMatchObject({ code: 'MessageNotFound' });
    expect(await view.peekMessages(1)).toEqual([]);
  });

  itOfBroker('is full when a subscription is: nothing of what is sent then is copied', async () => {
    const { topic, sender, view, worker } = await newTopic({ maxSizeBytes: 1500 });
    await sender.sendMessages({ body: Buffer.alloc(1000) });
    await worker.completeMessage(await receiveOne(worker));
    await expect(sender.sendMessages({ body: Buffer.alloc(1000) })).rejects.toMatchObject({ code: 'QuotaExceeded' });
    await namespace.expectState(`${topic}/Subscriptions/worker`, { active: 0, counters: { sent: 1 } });
    await view.completeMessage(await receiveOne(view));
    await sender.sendMessages({ body: Buffer.alloc(1000) });
  });

  itOfBroker('can not be received from', async () => {
    const topic = await namespace.createTopic(['view']);
    await expect(namespace.bus.createReceiver(topic).receiveMessages(1)).rejects.toThrow('receiving from a topic');
  });
});

describe('a subscription', () => {
  it('has dead letters of its own', async () => {
    const { topic, sender, view } = await newTopic();
    await sender.sendMessages({ body: 'a' });
    await view.deadLetterMessage(await receiveOne(view), {
      deadLetterReason: 'unreadable',
      deadLetterErrorDescription: 'no JSON',
    });
    const deadLetters = namespace.bus.createReceiver(topic, 'view', { subQueueType: 'deadLetter' });
    const dead = await receiveOne(deadLetters);
    expect(dead).toMatchObject({ body: 'a', deadLetterReason: 'unreadable' });
    await deadLetters.completeMessage(dead);
    await namespace.expectState(`${topic}/Subscriptions/worker`, { active: 1, deadLettered: 0 });
  });

  it('dead-letters what was delivered too often', async () => {
    const { topic, sender, view } = await newTopic({ maxDeliveryCount: 2 });
    await sender.sendMessages({ body: 'a' });
    for (let delivery = 0; delivery < 2; delivery++) await view.abandonMessage(await receiveOne(view));
    await namespace.untilState(`${topic}/Subscriptions/view`, { active: 0, deadLettered: 1 });
    await namespace.expectState(`${topic}/Subscriptions/worker`, { active: 1, deadLettered: 0 });
  });

  it('renews locks, and defers and peeks by its own sequence numbers', async () => {
    const { sender, view } = await newTopic();
    await sender.sendMessages([{ body: 'a' }, { body: 'b' }]);
    const message = await receiveOne(view);
    const before = message.lockedUntilUtc;
    expect((await view.renewMessageLock(message)).getTime()).toBeGreaterThanOrEqual(Number(before));
    await view.deferMessage(message);
    expect(message.sequenceNumber?.toNumber()).toBe(1);
    expect((await view.peekMessages(2)).map(({ body, state }) => [body, state])).toEqual([
      ['a', 'deferred'],
      ['b', 'active'],
    ]);
    const [deferred] = await view.receiveDeferredMessages(message.sequenceNumber ?? []);
    if (!deferred) throw new Error('the deferred message did not come');
    await view.completeMessage(deferred);
  });

  it('is found whatever the case of its name', async () => {
    const { topic, sender } = await newTopic();
    await sender.sendMessages({ body: 'a' });
    const receiver = namespace.bus.createReceiver(topic.toLowerCase(), 'VIEW');
    expect(await receiveOne(receiver)).toMatchObject({ body: 'a' });
  });

  it('that is not there is refused', async () => {
    const { topic } = await newTopic();
    const receiver = namespace.bus.createReceiver(topic, 'missing');
    await expect(receiver.receiveMessages(1)).rejects.toMatchObject({ code: 'MessagingEntityNotFound' });
  });

  itOfBroker('can not be sent to', async () => {
    const { topic } = await newTopic();
    const sender = namespace.bus.createSender(`${topic}/Subscriptions/view`);
    await expect(sender.sendMessages({ body: 'x' })).rejects.toThrow('send to its topic');
  });
});

async function newTopic(settings = {}) {
  const topic = await namespace.createTopic(['view', 'worker'], settings);
  const { bus } = namespace;
  return {
    topic,
    sender: bus.createSender(topic),
    view: bus.createReceiver(topic, 'view'),
    worker: bus.createReceiver(topic, 'worker'),
  };
}

async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
  if (!message) throw new Error(`nothing came from ${receiver.entityPath} within 10 s`);
  return message;
}
