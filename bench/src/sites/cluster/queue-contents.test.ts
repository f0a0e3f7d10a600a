import type { ServiceBusClient } from '@azure/service-bus';
import Long from 'long';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlaceFailed } from './place-failed.js';
import { queueContents } from './queue-contents.js';

describe('emptying a queue', () => {
  let nowMs = 0;
  beforeEach(() => {
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** A queue of messages 1 to 5, each look at which takes a minute. */
  const slowQueue = (take: (left: number[]) => void) => {
    const left = [1, 2, 3, 4, 5];
    const receiver = {
      peekMessages: async () => {
        nowMs += 60_000;
        return left.map(each => ({ sequenceNumber: Long.fromNumber(each), messageId: String(each), state: 'active' }));
      },
      receiveMessages: async () => {
        take(left);
        return [];
      },
      close: async () => undefined,
    };
    const bus = { createReceiver: () => receiver, createSender: () => ({ close: async () => undefined }) };
    return { left, contents: queueContents(bus as unknown as ServiceBusClient, 'orders') };
  };

  it('goes on for as long as the front of the queue does', async () => {
    const { left, contents } = slowQueue(messages => messages.shift());
    await contents.empty();
    expect(left).toEqual([]);
  });

  it('gives up where the front stays, whatever is taken behind it', async () => {
    const { contents } = slowQueue(messages => messages.splice(1, 1));
    const refused = contents.empty();
    await expect(refused).rejects.toThrow(PlaceFailed);
    await expect(refused).rejects.toThrow("orders keeps messages that can't be taken, the first is 1");
  });
});
