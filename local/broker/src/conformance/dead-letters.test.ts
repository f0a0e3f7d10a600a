import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itOfBroker, type Namespace, openNamespace } from './namespace.js';

let namespace: Namespace;
beforeAll(async () => {
  namespace = await openNamespace();
});
afterAll(() => namespace.close());

describe('the dead-letter queue', () => {
  it('gets a message that a receiver dead-letters, with reason, description and properties', async () => {
    const { queue, receiver, deadLetters } = await queueOfOne();
    await receiver.deadLetterMessage(await receiveOne(receiver), {
      deadLetterReason: 'malformed',
      deadLetterErrorDescription: 'no orderId',
      attempt: 1,
    });
    const dead = await receiveOne(deadLetters);
    expect(dead).toMatchObject({
      body: 'a',
      deadLetterReason: 'malformed',
      deadLetterErrorDescription: 'no orderId',
      applicationProperties: { attempt: 1, sent: true },
    });
    await deadLetters.completeMessage(dead);
    await namespace.expectState(queue, { deadLettered: 0, counters: { deadLettered: 1 } });
  });

  it('gets a message after maxDeliveryCount deliveries, ten by default, with its body intact', async () => {
    const { receiver, deadLetters } = await queueOfOne();
    for (let delivery = 0; delivery < 10; delivery++) await receiver.abandonMessage(await receiveOne(receiver));
    expect(await receiveOne(deadLetters)).toMatchObject({
      body: 'a',
      deadLetterReason: 'MaxDeliveryCountExceeded',
      deliveryCount: 10,
    });
  });

  itOfBroker('gets a message whose last allowed lock expired', async () => {
    const { queue } = await queueOfOne({ maxDeliveryCount: 1, lockDurationMs: 200 });
    await receiveOne(namespace.bus.createReceiver(queue, { maxAutoLockRenewalDurationInMs: 0 }));
    await namespace.untilState(queue, { deadLettered: 1 });
  });

  it('can be peeked, and its messages abandoned, without their leaving it', async () => {
    const { receiver, deadLetters } = await queueOfOne({ maxDeliveryCount: 1 });
    await receiver.abandonMessage(await receiveOne(receiver));
    for (let delivery = 0; delivery < 3; delivery++) await deadLetters.abandonMessage(await receiveOne(deadLetters));
    expect(await deadLetters.peekMessages(5)).toMatchObject([{ deliveryCount: 1 }]);
  });

  it('refuses to dead-letter its messages again', async () => {
    const { queue, receiver, deadLetters } = await queueOfOne();
    await receiver.deadLetterMessage(await receiveOne(receiver));
    const dead = await receiveOne(deadLetters);
    await expect(deadLetters.deadLetterMessage(dead)).rejects.toMatchObject({ code: 'GeneralError' });
    await namespace.expectState(queue, { deadLettered: 1, counters: { deadLettered: 1 } });
  });

  itOfBroker('takes no messages from senders', async () => {
    const { queue } = await queueOfOne();
    const sender = namespace.bus.createSender(`${queue}/$DeadLetterQueue`);
    await expect(sender.sendMessages({ body: 'x' })).rejects.toThrow('dead-letter queue');
  });

  it('gets expired messages where the queue says so', async () => {
    const { queue, sender, deadLetters } = await queueOfOne({ deadLetteringOnMessageExpiration: true });
    await sender.sendMessages({ body: 'short-lived', timeToLive: 100 });
    const dead = await receiveOne(deadLetters);
    expect(dead).toMatchObject({ body: 'short-lived', deadLetterReason: 'TTLExpiredException' });
    await namespace.expectState(queue, { active: 1 });
  });
});

describe('time to live', () => {
  itOfBroker('drops an expired message by default', async () => {
    const { queue, sender } = await queueOfOne();
    await sender.sendMessages({ body: 'short-lived', timeToLive: 100 });
    await namespace.untilState(queue, { counters: { expired: 1 } });
    await namespace.expectState(queue, { active: 1, deadLettered: 0 });
  });

  itOfBroker('is at most the default of the queue', async () => {
    const { queue, sender } = await queueOfOne({ defaultTimeToLiveMs: 100 });
    await sender.sendMessages({ body: 'b', timeToLive: 3_600_000 });
    await namespace.untilState(queue, { counters: { expired: 2 } });
  });
});

describe('deferral', () => {
  it('sets a message aside until it is asked for by its sequence number', async () => {
    const { queue, receiver } = await queueOfOne();
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message, { step: 2 });
    expect(await receiver.receiveMessages(1, { maxWaitTimeInMs: 100 })).toEqual([]);
    expect(await receiver.peekMessages(1)).toMatchObject([{ state: 'deferred' }]);
    const [deferred] = await receiver.receiveDeferredMessages(sequenceNumberOf(message));
    expect(deferred).toMatchObject({ body: 'a', deliveryCount: 1, applicationProperties: { step: 2 } });
    if (deferred) await receiver.completeMessage(deferred);
    await namespace.expectState(queue, { deferred: 0, locked: 0, counters: { completed: 1 } });
  });

  it('holds after a deferred message is abandoned; it may be renewed, deferred again and dead-lettered', async () => {
    const { queue, receiver, deadLetters } = await queueOfOne();
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message);
    const settlements: ((deferred: ServiceBusReceivedMessage) => Promise<unknown>)[] = [
      deferred => receiver.abandonMessage(deferred),
      deferred => receiver.renewMessageLock(deferred).then(() => receiver.deferMessage(deferred)),
      deferred => receiver.deadLetterMessage(deferred, { deadLetterReason: 'enough', deadLetterErrorDescription: '' }),
    ];
    for (const settle of settlements) {
      const [deferred] = await receiver.receiveDeferredMessages(sequenceNumberOf(message));
      if (deferred) await settle(deferred);
    }
    expect(await receiveOne(deadLetters)).toMatchObject({ deadLetterReason: 'enough', deliveryCount: 3 });
    await namespace.expectState(queue, { deferred: 0, active: 0 });
  });

  it('gives messages to a receive-and-delete receiver for good', async () => {
    const { queue, receiver } = await queueOfOne();
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message);
    const deleting = namespace.bus.createReceiver(queue, { receiveMode: 'receiveAndDelete' });
    expect(await deleting.receiveDeferredMessages(sequenceNumberOf(message))).toMatchObject([{ body: 'a' }]);
    await namespace.expectState(queue, { deferred: 0, locked: 0 });
  });

  it('finds only deferred messages', async () => {
    const { receiver } = await queueOfOne();
    const message = await receiveOne(receiver);
    await expect(receiver.receiveDeferredMessages(sequenceNumberOf(message))).rejects.toMatchObject({
      code: 'MessageNotFound',
    });
  });
});

async function queueOfOne(settings = {}) {
  const queue = await namespace.createQueue(settings);
  const { bus } = namespace;
  const sender = bus.createSender(queue);
  await sender.sendMessages({ body: 'a', applicationProperties: { sent: true } });
  const deadLetters = bus.createReceiver(queue, { subQueueType: 'deadLetter' });
  return { queue, sender, receiver: bus.createReceiver(queue), deadLetters };
}

async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
  if (!message) throw new Error(`nothing came from ${receiver.entityPath} within 10 s`);
  return message;
}

function sequenceNumberOf(message: ServiceBusReceivedMessage) {
  if (!message.sequenceNumber) throw new Error('the message has no sequence number');
  return message.sequenceNumber;
}
