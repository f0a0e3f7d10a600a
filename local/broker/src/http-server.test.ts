import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from './broker.js';

let broker: Broker;
let bus: ServiceBusClient;

beforeAll(async () => {
  broker = await startBroker({ queues: ['q'], settledCapacity: 2 });
  bus = new ServiceBusClient(broker.connectionString);
});
afterAll(async () => {
  await bus.close();
  await broker.close();
});
beforeEach(() => request('DELETE', '/queues/q/messages'));

describe('the HTTP endpoint', () => {
  it('answers that it is healthy', async () => {
    expect(await request('GET', '/healthz')).toMatchObject({ status: 200 });
  });

  it('refuses what is sent to the name of another machine', async () => {
    const sent = get(`http://127.0.0.1:${broker.httpPort}/queues`, { headers: { host: 'evil.example' } });
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.resume().statusCode).toBe(421);
  });

  it('answers to the name that it was given', async () => {
    const named = await startBroker({ hostName: 'broker.example' });
    for (const [host, status] of [['broker.example', 200] as const, ['evil.example', 421] as const]) {
      const sent = get(`http://127.0.0.1:${named.httpPort}/queues`, { headers: { host } });
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      expect(response.resume().statusCode).toBe(status);
    }
    await named.close();
  });

  it('never closes a connection that its client keeps', async () => {
    const { headers } = await fetch(`http://127.0.0.1:${broker.httpPort}/healthz`);
    expect(headers.get('connection')).toBe('keep-alive');
    expect(headers.get('keep-alive')).toBeNull();
  });

  it('lists queues with their settings, what is in them now, and counters', async () => {
    await bus.createSender('q').sendMessages([{ body: 1 }, { body: 2 }]);
    await bus.createReceiver('q').receiveMessages(1);
    const { body } = await request('GET', '/queues');
    expect(body).toMatchObject({
      queues: [
        {
          name: 'q',
          settings: { lockDurationMs: 60_000, maxDeliveryCount: 10, maxSizeBytes: 1024 ** 3 },
          active: 1,
          // Locked ones are active to Service Bus.
          activeMessageCount: 2,
          scheduled: 0,
          locked: 1,
          deferred: 0,
          deadLettered: 0,
          counters: { sent: 2, delivered: 1, redelivered: 0, completed: 0 },
        },
      ],
    });
  });

  it('tells Prometheus what is in the queues and what was counted, as it is when it is asked', async () => {
    const scrape = async () => {
      const response = await fetch(`http://127.0.0.1:${broker.httpPort}/metrics`);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      return (await response.text()).split('\n');
    };
    await bus.createSender('q').sendMessages([{ body: 1 }, { body: 2 }]);
    const receiver = bus.createReceiver('q');
    const [message] = await receiver.receiveMessages(1);
    const lines = await scrape();
    expect(lines).toContain('# TYPE order_bench_queue_messages gauge');
    expect(lines).toContain('order_bench_queue_messages{queue="q",state="active"} 1');
    expect(lines).toContain('order_bench_queue_messages{queue="q",state="locked"} 1');
    expect(lines).toContain('order_bench_queue_messages{queue="q",state="dead_lettered"} 0');
    expect(lines).toContain('# TYPE order_bench_queue_delivered_total counter');
    expect(lines).toContain('order_bench_queue_delivered_total{queue="q"} 1');
    expect(lines).toContain('order_bench_queue_dead_lettered_total{queue="q"} 0');
    expect(lines.filter(line => line.startsWith('process_cpu_seconds_total '))).toHaveLength(1);

    if (message) await receiver.deadLetterMessage(message);
    const after = await scrape();
    expect(after).toContain('order_bench_queue_messages{queue="q",state="locked"} 0');
    expect(after).toContain('order_bench_queue_messages{queue="q",state="dead_lettered"} 1');
    expect(after).toContain('order_bench_queue_dead_lettered_total{queue="q"} 1');
  });

  it('lists live messages and the last settled ones, with their times', async () => {
    const sender = bus.createSender('q');
    await sender.sendMessages(Array.from({ length: 4 }, (_, number) => ({ body: number, messageId: `m${number}` })));
    const receiver = bus.createReceiver('q');
    for (let number = 0; number < 3; number++) {
      for (const message of await receiver.receiveMessages(1)) await receiver.completeMessage(message);
    }
    const { messages } = (await request('GET', '/queues/q/messages')).body as { messages: Record<string, number>[] };
    expect(messages.map(({ messageId, state, outcome }) => [messageId, state, outcome])).toEqual([
      ['m1', 'settled', 'completed'],
      ['m2', 'settled', 'completed'],
      ['m3', 'active', undefined],
    ]);
    const [first] = messages;
    const times = [first?.enqueuedAtMs, first?.firstDeliveredAtMs, first?.settledAtMs].map(Number);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('creates a queue, and changes the settings of one that is there', async () => {
    const settings = JSON.stringify({ lockDurationMs: 500 });
    expect(await request('PUT', '/queues/new', settings)).toMatchObject({ status: 201, body: { name: 'new' } });
    expect(await request('PUT', '/queues/NEW', JSON.stringify({ maxDeliveryCount: 3 }))).toMatchObject({
      status: 200,
      body: { name: 'new', settings: { maxDeliveryCount: 3, lockDurationMs: 60_000 } },
    });
  });

  it('creates topics and subscriptions; a subscription is listed, changed and emptied as a queue is', async () => {
    expect(await request('PUT', '/topics/events')).toMatchObject({ status: 201, body: { name: 'events' } });
    const settings = JSON.stringify({ maxDeliveryCount: 3 });
    const name = 'events/Subscriptions/view';
    expect(await request('PUT', '/topics/EVENTS/subscriptions/view', settings)).toMatchObject({
      ...{ status: 201, body: { name, settings: { maxDeliveryCount: 3 } } },
    });
    expect(await request('PUT', '/topics/events/subscriptions/VIEW')).toMatchObject({ status: 200 });
    const sender = bus.createSender('events');
    await sender.sendMessages({ body: 1 });
    await sender.scheduleMessages({ body: 2 }, new Date(Date.now() + 3_600_000));
    expect((await request('GET', '/topics')).body).toEqual({
      topics: [{ name: 'events', subscriptions: [name], scheduled: 1 }],
    });
    const queue = `/queues/${encodeURIComponent(name)}`;
    expect((await request('GET', queue)).body).toMatchObject({ name, active: 1, counters: { sent: 1 } });
    expect(await request('DELETE', `${queue}/messages`)).toMatchObject({ status: 204 });
    expect((await request('GET', queue)).body).toMatchObject({ active: 0, counters: { sent: 0 } });
  });

  it('empties a queue, its scheduled messages and its dead letters, and sets its counters to zero', async () => {
    const sender = bus.createSender('q');
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);
    await sender.scheduleMessages({ body: 3 }, new Date(Date.now() + 3_600_000));
    const receiver = bus.createReceiver('q');
    for (const message of await receiver.receiveMessages(1)) await receiver.deadLetterMessage(message);
    expect(await request('DELETE', '/queues/q/messages')).toMatchObject({ status: 204 });
    expect((await request('GET', '/queues/q')).body).toMatchObject({
      ...{ active: 0, scheduled: 0, locked: 0, deadLettered: 0, sizeBytes: 0 },
      counters: { sent: 0, scheduled: 0, deadLettered: 0 },
    });
    expect((await request('GET', '/queues/q/messages')).body).toEqual({ messages: [] });
  });

  it.each([
    ['GET', '/queues/missing', undefined, 404, 'missing'],
    ['DELETE', '/queues/missing/messages', undefined, 404, 'missing'],
    ['PUT', '/queues/x', '{"lock":1}', 400, 'unknown queue setting lock'],
    ['PUT', '/queues/x', '{', 400, 'JSON'],
    ['PUT', '/topics/q', '{}', 400, 'q is a queue already'],
    ['PUT', '/topics/missing/subscriptions/view', '{}', 404, 'missing'],
    ['PUT', '/topics/q/subscriptions/view', '{}', 404, 'q'],
    ['GET', '/queues/%E0%A4%A', undefined, 400, 'URI'],
    ['POST', '/queues', '{}', 404, 'no POST /queues here'],
  ])('refuses %s %s %s with %i', async (method, path, body, status, error) => {
    const answer = await request(method, path, body);
    expect(answer.status).toBe(status);
    expect((answer.body as { error: string }).error).toContain(error);
  });
});

async function request(method: string, path: string, body?: string) {
  const response = await fetch(`http://127.0.0.1:${broker.httpPort}${path}`, { method, ...(body ? { body } : {}) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}
