import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { describe, expect, it } from 'vitest';
import type { QueueContents } from './queue-contents.js';
import { QueueFront } from './queue-front.js';

const queue = (peek: () => Promise<ServiceBusReceivedMessage[]>): QueueContents => ({
  peek,
  empty: async () => undefined,
  close: async () => undefined,
});
const message = (enqueuedTimeUtc: Date) =>
  ({ state: 'active', enqueuedTimeUtc }) as unknown as ServiceBusReceivedMessage;

describe('the fronts of the queues', () => {
  it('are looked at in the order of the pipeline, so that an order on its way is not missed', async () => {
    const delivered: ServiceBusReceivedMessage[] = [];
    const ingress = queue(async () => {
      await Promise.resolve();
      delivered.push(message(new Date(5)));
      return [];
    });
    const front = new QueueFront([ingress, queue(async () => [...delivered]), queue(async () => [])]);
    expect(await front.count()).toBe(1);
    expect(front.firstEnqueuedAtMs).toBeNull();
  });

  it('tell when the first order entered the ingress queue', async () => {
    const none = queue(async () => []);
    const front = new QueueFront([queue(async () => [message(new Date(70)), message(new Date(60))]), none, none]);
    expect(await front.count()).toBe(2);
    expect(front.firstEnqueuedAtMs).toBe(60);
  });
});
