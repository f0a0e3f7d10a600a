import { ServiceBusClient } from '@azure/service-bus';
import { expect, it } from 'vitest';
import { startBroker } from './broker.js';

const LATENCY_MS = 60;

it('is added to sends, receives, settlements and requests, and keeps their order', async () => {
  const broker = await startBroker({ queues: ['q'], latencyMs: LATENCY_MS });
  const bus = new ServiceBusClient(broker.connectionString);
  const [sender, receiver] = [bus.createSender('q'), bus.createReceiver('q')];
  const numbers = Array.from({ length: 20 }, (_, number) => number);
  await sender.sendMessages({ body: 'opens the links' });
  const [opening] = await receiver.receiveMessages(1);
  await receiver.peekMessages(1);

  const steps: [string, () => Promise<unknown>][] = [
    ['send', () => Promise.all(numbers.map(number => sender.sendMessages({ body: number })))],
    ['settle', async () => opening && receiver.completeMessage(opening)],
    ['request', () => receiver.peekMessages(1)],
  ];
  for (const [name, step] of steps) {
    const startedAtMs = performance.now();
    await step();
    // A timer may be a millisecond early by another clock.
    expect(performance.now() - startedAtMs, name).toBeGreaterThanOrEqual(LATENCY_MS - 2);
  }
  const startedAtMs = performance.now();
  const received = await receiver.receiveMessages(20);
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(LATENCY_MS - 2);
  expect(received.map(({ body }) => body)).toEqual(numbers.slice(0, received.length));
  await bus.close();
  await broker.close();
});
