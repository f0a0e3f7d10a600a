import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeHostileOrders } from './hostile-orders.js';
import { overSizedBody } from './malformed.js';
import { INGRESS_QUEUE } from './order-message.js';
import { makeOrders } from './orders.js';
import { scheduleOrders } from './schedule.js';
import { SchedulingStopped, TooLate } from './scheduling-stopped.js';

const brokerMain = join(dirname(createRequire(import.meta.url).resolve('@order-bench/broker')), 'main.js');
const QUEUE = INGRESS_QUEUE;

describe('scheduling to the local broker', () => {
  let broker: ChildProcess;
  let admin: string;
  let bus: ServiceBusClient;

  beforeAll(async () => {
    const child = spawn(
      process.execPath,
      [brokerMain, '--port', '0', '--http-port', '0', '--queue', QUEUE, '--topic', 't:s'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    broker = child;
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    await vi.waitUntil(() => printed.includes('Endpoint='), { timeout: 20_000 });
    admin = /http:\S+/.exec(printed)?.[0] ?? '';
    bus = new ServiceBusClient(/Endpoint=\S+/.exec(printed)?.[0] ?? '');
  });
  afterAll(async () => {
    // In this order: the client waits for its queue when it is closed after it.
    try {
      await bus.close();
    } finally {
      broker.kill();
    }
  });
  beforeEach(async () => {
    await fetch(`${admin}/queues/${QUEUE}/messages`, { method: 'DELETE' });
  });

  it('says that a queue is not there, and which one is meant usually', async () => {
    const orders = makeOrders({ count: 1, seed: 1 });
    const scheduling = scheduleOrders({ sender: bus.createSender('nope'), orders, atMs: Date.now() + 3_600_000 });
    await expect(scheduling).rejects.toThrow(
      'there is no queue or topic nope in this namespace: orders go to q-order-ingress',
    );
  });

  it('schedules 10,000 orders, each once', async () => {
    const orders = makeOrders({ count: 10_000, seed: 1 });
    const schedule = await scheduleOrders({ sender: bus.createSender(QUEUE), orders, atMs: Date.now() + 3_600_000 });
    expect(new Set(schedule.sequenceNumbers.map(String)).size).toBe(10_000);
    expect(await countsOf(admin)).toMatchObject({ scheduled: 10_000, active: 0 });
  });

  it('schedules to a topic, whose subscriptions get each order once it is due', async () => {
    const orders = makeOrders({ count: 100, seed: 1 });
    await scheduleOrders({ sender: bus.createSender('t'), orders, atMs: Date.now() + 1500 });
    expect(await countsOf(admin, 't')).toMatchObject({ scheduled: 100 });
    const receiver = bus.createReceiver('t', 's', { receiveMode: 'receiveAndDelete', skipParsingBodyAsJson: true });
    const received: unknown[] = [];
    while (received.length < orders.length) {
      const messages = await receiver.receiveMessages(orders.length, { maxWaitTimeInMs: 20_000 });
      received.push(...messages.map(({ messageId, body }) => ({ messageId, body })));
    }
    expect(received).toEqual(orders.map(({ messageId, body }) => ({ messageId, body })));
    expect(await countsOf(admin, 't')).toMatchObject({ scheduled: 0 });
  });

  it('delivers the bytes that it was given', async () => {
    const orders = makeHostileOrders({ count: 10, seed: 1, firstOrderId: 1 });
    await scheduleOrders({ sender: bus.createSender(QUEUE), orders, atMs: Date.now() + 1500 });
    const receiver = bus.createReceiver(QUEUE, { receiveMode: 'receiveAndDelete', skipParsingBodyAsJson: true });
    const received = new Map<unknown, Buffer>();
    while (received.size < orders.length) {
      for (const message of await receiver.receiveMessages(10, { maxWaitTimeInMs: 5000 })) {
        expect(message.contentType).toBe('application/json');
        received.set(message.messageId, message.body as Buffer);
      }
    }
    for (const { messageId, body } of orders) expect(received.get(messageId)?.equals(body)).toBe(true);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const orders = makeOrders({ count: 500, seed: 1 });
    const abort = new AbortController();
    const stopped = scheduleOrders({
      ...{ sender: bus.createSender(QUEUE), orders, atMs: Date.now() + 3_600_000 },
      ...{ arrival: { kind: 'constant', ratePerSecond: 500 }, signal: abort.signal },
      onProgress: scheduled => scheduled >= 100 && abort.abort(new Error('enough')),
    });
    const error = await stopped.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(SchedulingStopped);
    expect(error).toMatchObject({ cancelled: (error as SchedulingStopped).scheduled });
    expect(await countsOf(admin)).toMatchObject({ scheduled: 0, active: 0 });
  });

  it('schedules nothing for a time that has come', async () => {
    const late = scheduleOrders({
      sender: bus.createSender(QUEUE),
      orders: makeOrders({ count: 5, seed: 1 }),
      atMs: Date.now(),
    });
    await expect(late).rejects.toThrow(TooLate);
    expect(await countsOf(admin)).toMatchObject({ scheduled: 0, active: 0 });
  });

  it('refuses a body over the size limit before it is sent', async () => {
    const orders = [{ messageId: 'malformed-1', body: overSizedBody() }];
    const refused = scheduleOrders({ sender: bus.createSender(QUEUE), orders, atMs: Date.now() + 3_600_000 });
    await expect(refused).rejects.toThrow("over the link's limit");
  });
});

async function countsOf(admin: string, name = QUEUE) {
  const response = await fetch(`${admin}/queues`);
  const { queues } = (await response.json()) as { queues: { name: string; scheduled: number; active: number }[] };
  return queues.find(queue => queue.name === name);
}
