import type { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { type BlobServer, startBlobServer } from '@order-bench/blob';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claim } from './ownership.js';

/** The ids of the messages that each queue holds. */
type Held = Readonly<Record<string, readonly string[]>>;

/** A namespace whose queues hold messages, and no dead letters. */
function fakeBus(held: Held): ServiceBusClient {
  const link = (queue: string, isDead: boolean) => ({
    peekMessages: async () => (isDead ? [] : (held[queue] ?? []).map(messageId => ({ messageId }))),
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
  const claimed = (held: Held, force = false) =>
    claim({ bus: fakeBus(held), blobs, queues: ['orders', 'other'], containers: ['outbox'], force });
  const fill = (name = '1') => blobs.getContainerClient('outbox').getBlockBlobClient(name).upload('{}', 2);

  beforeEach(async () => {
    server = await startBlobServer();
    blobs = BlobServiceClient.fromConnectionString(server.connectionString);
    await blobs.createContainer('outbox');
  });
  afterEach(() => server.close());

  it('is what it found empty once, whatever a run left in there later', async () => {
    await claimed({});
    await fill();
    await fill('clock-00000000-0000-4000-8000-000000000000');
    await claimed({ orders: ['3', 'malformed-1', 'clock'] });
  });

  it('is not what holds a message or a blob with a name that no run gives, without --force', async () => {
    await claimed({});
    await expect(claimed({ orders: ['3', 'invoice-1'] })).rejects.toThrow(
      "the queue orders of made-up.servicebus.windows.net (with the message 'invoice-1' in it), which",
    );
    await expect(claimed({ other: [''] })).rejects.toThrow("(with the message '' in it)");
    await fill('invoice-2');
    await expect(claimed({})).rejects.toThrow("(with the blob 'invoice-2' in it), which");
    await claimed({ orders: ['invoice-1'] }, true);
  });

  it('is not what holds anything that it did not find empty before: all of it is named, and nothing is marked', async () => {
    await fill();
    for (const _ of ['the first time', 'again']) {
      await expect(claimed({ other: ['1'] })).rejects.toThrow(
        /^a run would empty the queue other of made-up.servicebus.windows.net, the container outbox of 127.0.0.1:\d+, which/,
      );
    }
    // The empty queue was not taken either.
    await expect(claimed({ orders: ['1'] })).rejects.toThrow('the queue orders');
  });

  it('is everything with --force, from then on', async () => {
    await fill();
    await claimed({ other: ['1'] }, true);
    await claimed({ other: ['1'], orders: ['1'] });
  });
});
