import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { type Rig, startRig } from '@order-bench/rig';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { passes } from '../src/dlq/letter-filter.js';
import { redrive } from '../src/dlq/redrive.js';
import { takeLetters } from '../src/dlq/take-letters.js';
import { type DeadLetter, deadLettersOf } from '../src/verify/dead-letters.js';

/** One for each test. */
const QUEUES = Array.from({ length: 8 }, (_, i) => `letters-${i}`);
const OTHER_LETTERS = 2_500;
let dir: string;
let rig: Rig;
let bus: ServiceBusClient;
let queue: string;
let used = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dlq-'));
  rig = await startRig({ runDir: dir, queues: QUEUES, apps: [], blobs: 'local', daprd: [] });
  bus = new ServiceBusClient(rig.serviceBusConnectionString);
});
afterAll(async () => {
  await bus.close();
  await rig.stop();
  await rm(dir, { recursive: true });
});
beforeEach(() => {
  queue = QUEUES[used++] as string;
});

describe('dead letters', () => {
  it('are told with their reason, description, count and body, and stay where they are', async () => {
    await deadLetter([{ messageId: 'a', body: Buffer.from([0, 255]), contentType: 'x/y' }], 'malformed', 'no orderId');
    for (let look = 0; look < 2; look++) {
      const [letter] = await peek();
      expect(letter).toMatchObject({
        queue,
        messageId: 'a',
        reason: 'malformed',
        description: 'no orderId',
        deliveryCount: 0,
        contentType: 'x/y',
        body: Buffer.from([0, 255]),
      });
      expect(letter?.enqueuedAt).toBeInstanceOf(Date);
      expect(letter?.sequenceNumber).toMatch(/^\d+$/);
    }
  });

  it('are read beyond one page of the client', async () => {
    await deadLetter(numbered(230));
    expect((await peek()).map(({ messageId }) => messageId)).toEqual(numbered(230).map(({ messageId }) => messageId));
  });
});

describe('redrive', () => {
  it('sends a letter back as it was sent: body, message id, properties; nothing of its death', async () => {
    const sent = {
      messageId: 'a',
      body: Buffer.from([0, 255, 10]),
      contentType: 'application/x-order',
      correlationId: 'c',
      subject: 's',
      applicationProperties: { tenant: 'x', attempt: 3 },
      scheduledEnqueueTimeUtc: new Date(Date.now() - 60_000),
    };
    await deadLetter([sent], 'malformed', 'no orderId');
    const taken = await redrive(bus, queue, await peek());
    expect(taken).toMatchObject({ done: [{ messageId: 'a' }], left: [] });
    expect(await peek()).toEqual([]);
    const [message] = await drained();
    const { scheduledEnqueueTimeUtc, ...kept } = sent;
    expect(message).toMatchObject({ ...kept, deliveryCount: 0 });
    expect(message?.applicationProperties).toEqual(sent.applicationProperties);
  });

  it('keeps the kind of a body that is no bytes', async () => {
    await deadLetter([{ body: { a: [1] }, bodyType: 'value' } as ServiceBusMessage]);
    await redrive(bus, queue, await peek());
    expect((await drained())[0]).toMatchObject({ body: { a: [1] }, _rawAmqpMessage: { bodyType: 'value' } });
  });

  it('leaves the letters that are not meant, also those before and between', async () => {
    await deadLetter(numbered(6));
    const letters = await peek();
    const taken = await redrive(
      bus,
      queue,
      letters.filter(letter => passes(letter, { messageId: /^m-[24]$/u })),
    );
    expect(taken).toMatchObject({ done: { length: 2 }, left: [] });
    expect((await drained()).map(({ messageId }) => messageId).sort()).toEqual(['m-2', 'm-4']);
    const rest = await peek();
    expect(rest.map(({ messageId }) => messageId)).toEqual(['m-0', 'm-1', 'm-3', 'm-5']);
  });

  it('reaches a letter behind more others than a client may hold on one link', { timeout: 120_000 }, async () => {
    await deadLetter(numbered(OTHER_LETTERS));
    const last = (await peek()).slice(-1);
    expect(await redrive(bus, queue, last)).toMatchObject({ done: { length: 1 }, left: [] });
    expect(await peek()).toHaveLength(OTHER_LETTERS - 1);
  });

  it('says of a letter that another reader holds that it was left', async () => {
    await deadLetter(numbered(2));
    const letters = await peek();
    const other = bus.createReceiver(queue, { subQueueType: 'deadLetter' });
    const [held] = await other.receiveMessages(1);
    const { done, left } = await redrive(bus, queue, letters);
    expect(done.map(({ messageId }) => messageId)).toEqual(['m-1']);
    expect(left).toMatchObject([{ letter: { messageId: 'm-0' }, why: 'another reader has it, or it is gone' }]);
    if (held) await other.abandonMessage(held);
    await other.close();
  });
});

describe('taking letters', () => {
  it('completes none whose send was refused, and gives it back at once', async () => {
    await deadLetter(numbered(2));
    const { done, left } = await takeLetters({
      bus,
      queue,
      wanted: await peek(),
      settle: (message, receiver) =>
        message.messageId === 'm-0' ? Promise.reject(new Error('quota')) : receiver.completeMessage(message),
    });
    expect({ done, left }).toMatchObject({ done: [{ messageId: 'm-1' }], left: [{ why: 'quota' }] });
    expect(await redrive(bus, queue, await peek())).toMatchObject({
      done: [{ messageId: 'm-0' }],
    });
  });
});

async function peek(): Promise<DeadLetter[]> {
  const fresh = new ServiceBusClient(rig.serviceBusConnectionString);
  const letters = await deadLettersOf(fresh, queue);
  await fresh.close();
  return letters;
}

function numbered(count: number): (ServiceBusMessage & { messageId: string })[] {
  return Array.from({ length: count }, (_, i) => ({ messageId: `m-${i}`, body: Buffer.from(String(i)) }));
}

/** Sends the messages and dead-letters each, in their order. */
async function deadLetter(messages: readonly ServiceBusMessage[], reason = 'r', description = 'd'): Promise<void> {
  const sender = bus.createSender(queue);
  const receiver = bus.createReceiver(queue, { skipParsingBodyAsJson: true });
  await sender.sendMessages([...messages]);
  for (let count = 0; count < messages.length; ) {
    // The client's session takes no more than 2,048 unsettled messages: it would wait a minute for the rest.
    const received = await receiver.receiveMessages(Math.min(messages.length - count, 1_000));
    const how = { deadLetterReason: reason, deadLetterErrorDescription: description };
    // One link keeps their order.
    await Promise.all(received.map(message => receiver.deadLetterMessage(message, how)));
    count += received.length;
  }
  await sender.close();
  await receiver.close();
}

/** Everything in the queue itself, taken out of it. */
async function drained() {
  const { active } = (await rig.broker.queues()).find(({ name }) => name === queue) ?? { active: 0 };
  if (active === 0) return [];
  const receiver = bus.createReceiver(queue, { receiveMode: 'receiveAndDelete', skipParsingBodyAsJson: true });
  const messages = await receiver.receiveMessages(active);
  await receiver.close();
  return messages;
}
