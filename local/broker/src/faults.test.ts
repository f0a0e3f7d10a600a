import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from './broker.js';
import { checkEvents } from './event-check.js';
import type { QueueEvent } from './event-log.js';

describe('a broker with faults', () => {
  let broker: Broker;
  let bus: ServiceBusClient;
  let receiver: ServiceBusReceiver;

  beforeAll(async () => {
    broker = await startBroker({ queues: ['q'], faults: true });
  });
  beforeEach(async () => {
    bus = new ServiceBusClient(broker.connectionString);
    receiver = bus.createReceiver('q');
    await bus.createSender('q').sendMessages({ body: 'x', messageId: 'a' });
    return () => bus.close();
  });
  afterAll(() => broker.close());

  it('logs what happens to every message', async () => {
    await receiver.completeMessage(await receiveOne(receiver));
    const { events } = (await ask('GET', '/events')).body as { events: QueueEvent[] };
    expect(events.map(({ kind, messageId }) => [kind, messageId])).toEqual(
      ['enqueued', 'locked', 'unlocked', 'left'].map(kind => [kind, 'a']),
    );
    expect(checkEvents(events)).toEqual({ violations: [], remaining: [] });
  });

  it('ends every lock on demand: its consumer is told, and the message comes again', async () => {
    const message = await receiveOne(receiver);
    expect(await ask('POST', '/faults/break-locks')).toMatchObject({ status: 200, body: { broken: 1 } });
    await expect(receiver.completeMessage(message)).rejects.toMatchObject({ code: 'MessageLockLost' });
    const again = await receiveOne(receiver);
    expect(again.deliveryCount).toBe(1);
    await receiver.completeMessage(again);
  });

  it('resets every connection on demand: the clients connect again, and locks outlive it', async () => {
    const message = await receiveOne(receiver);
    const { body } = await ask('POST', '/faults/drop-connections');
    expect((body as { dropped: number }).dropped).toBeGreaterThanOrEqual(1);
    const other = new ServiceBusClient(broker.connectionString);
    expect(await receiver.renewMessageLock(message)).toBeInstanceOf(Date);
    await ask('POST', '/faults/break-locks');
    const elsewhere = other.createReceiver('q');
    await elsewhere.completeMessage(await receiveOne(elsewhere));
    await other.close();
  });

  it('acknowledges a settlement late on demand: it took effect all the same', async () => {
    await ask('PUT', '/faults/acknowledgement-delay', { delayMs: 3_600_000 });
    const message = await receiveOne(receiver);
    let acknowledged = false;
    // Never answered: it fails as the client is closed.
    receiver.completeMessage(message).then(
      () => {
        acknowledged = true;
      },
      () => {},
    );
    await expect.poll(async () => (await ask('GET', '/queues/q')).body).toMatchObject({ active: 0, locked: 0 });
    expect(acknowledged).toBe(false);
    await ask('PUT', '/faults/acknowledgement-delay', { delayMs: 0 });
  });

  it('refuses a delay that is none', async () => {
    expect(await ask('PUT', '/faults/acknowledgement-delay', { delayMs: -1 })).toMatchObject({ status: 400 });
  });

  async function ask(method: string, path: string, body?: unknown) {
    return request(broker, method, path, body);
  }
});

describe('a broker without faults', () => {
  it('has no way to make it fail, and no log', async () => {
    const broker = await startBroker({ queues: ['q'] });
    for (const [method, path] of [
      ['GET', '/events'],
      ['POST', '/faults/drop-connections'],
      ['POST', '/faults/break-locks'],
      ['PUT', '/faults/acknowledgement-delay'],
    ] as const) {
      expect(await request(broker, method, path)).toMatchObject({ status: 404 });
    }
    await broker.close();
  });
});

async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1);
  if (!message) throw new Error('nothing came');
  return message;
}

async function request({ httpPort }: Broker, method: string, path: string, body?: unknown) {
  const response = await fetch(`http://127.0.0.1:${httpPort}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}
