import type { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { type BlobServer, startBlobServer } from '@order-bench/blob';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claim } from './ownership.js';

/** A namespace whose queues hold messages by their names. */
function fakeBus(held: Readonly<Record<string, number>>): ServiceBusClient {
  const link = (queue: string, isDead: boolean) => ({
    peekMessages: async () => (!isDead && (held[queue] ?? 0) > 0 ? [{}] : []),
    close: async () => undefined,
  });
  return {
    fullyQualifiedNamespace: 'made-up.servicebus.windows.net',
    createReceiver: (queue: string, { subQueueType }: { subQueueType?: string }) =>
      link(queue, subQueueType !== undefined),
    createSender: (queue: string) => link(queue, false),
  } as unknown as ServiceBusClient;
}

describe('what a run may empty', () => {
  let server: BlobServer;
  let blobs: BlobServiceClient;
  const claimed = (held: Readonly<Record<string, number>>, force = false) =>
    claim({ bus: fakeBus(held), blobs, queues: ['orders', 'other'], containers: ['outbox'], force });
  const fill = () => blobs.getContainerClient('outbox').getBlockBlobClient('1').upload('{}', 2);

  beforeEach(async () => {
    server = await startBlobServer();
    blobs = BlobServiceClient.fromConnectionString(server.connectionString);
    await blobs.createContainer('outbox');
  });
  afterEach(() => server.close());

  it('is what it found empty once, whatever is in there later', async () => {
    await claimed({});
    await fill();
    await claimed({ orders: 3 });
  });

  it('is not what holds anything that it did not find empty before: all of it is named, and nothing is marked', async () => {
    await fill();
    for (const _ of ['the first time', 'again']) {
      await expect(claimed({ other: 1 })).rejects.toThrow(
        /^a run would empty the queue other of made-up.servicebus.windows.net, the container outbox of 127.0.0.1:\d+, which/,
      );
    }
    // The empty queue was not taken either.
    await expect(claimed({ orders: 1 })).rejects.toThrow('the queue orders');
  });

  it('is everything with --force, from then on', async () => {
    await fill();
    await claimed({ other: 1 }, true);
    await claimed({ other: 1, orders: 1 });
  });
});
