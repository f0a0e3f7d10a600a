import type { ServiceBusClient } from '@azure/service-bus';
import type { BlobServiceClient } from '@azure/storage-blob';
import { listedStore } from '../../verify/blob-store.js';
import { OUTBOXES, QUEUES } from '../../workload/pipeline.js';
import { placeClocks } from './clock-offset.js';
import { etagWrite } from './etag-time.js';
import { claim } from './ownership.js';
import type { Place } from './place.js';
import { queueContents } from './queue-contents.js';
import { QueueFront } from './queue-front.js';
import { whereOnAzure } from './where-on-azure.js';

/** A namespace of Service Bus and a storage account. */
export interface AzureAddress {
  /** A client of its own for the caller, who closes it. */
  connectBus(): ServiceBusClient;
  readonly blobs: BlobServiceClient;
  /** Empties queues and containers that are not the bench's. */
  readonly force: boolean;
}

/** A look lists every blob; the drain's figures come from write times, so that looking less often costs no accuracy. */
const POLL_MS = 1_000;

/** Azure's queues and blobs, with data rights alone. */
export function openAzurePlace({ connectBus, blobs, force }: AzureAddress): Place {
  const store = listedStore({ service: blobs, containers: OUTBOXES, lastWrite: etagWrite });
  const bus = connectBus();
  const live = QUEUES.map(queue => queueContents(bus, queue));
  const dead = QUEUES.map(queue => queueContents(bus, queue, 'dead'));
  const front = new QueueFront(live);
  return {
    target: 'azure',
    settings: { host: 'azure', blobs: 'azure' },
    pods: [],
    messages: null,
    front,
    blobs,
    store,
    pollMs: POLL_MS,
    // A client that fails says so by itself.
    failure: new Promise(() => {}),
    connectBus,
    claim: () => claim({ bus, blobs, queues: QUEUES, containers: OUTBOXES, force }),
    clocks: () => placeClocks(bus, blobs),
    movingMessages: () => front.count(),
    async empty() {
      await Promise.all([...live.map(each => each.empty()), store.empty()]);
      // Afterwards: until its queue is empty a message may still become a dead letter.
      await Promise.all(dead.map(each => each.empty()));
    },
    queues: async () => null,
    whereLastSeen: missing => whereOnAzure(connectBus(), missing),
    async close() {
      await Promise.all([...live, ...dead].map(each => each.close()));
      await bus.close();
    },
  };
}
