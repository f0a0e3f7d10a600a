import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { BlobAdmin, BrokerAdmin } from '@order-bench/rig';
import type { Correctness } from '../results/result.js';
import { blobStore, makeOutboxes } from '../verify/blob-store.js';
import { correctness, whereLastSeen } from '../verify/correctness.js';
import { peekDeadLetters } from '../verify/dead-letters.js';
import { verifyStored } from '../verify/verify.js';
import { OUTBOXES, pipelineOf } from '../workload/pipeline.js';
import { makeWorkload, scheduleArrival } from '../workload/workload.js';
import { queuedMessages, watchDrain } from './drain-watch.js';

/** Where orders go in and come out, and how many of them. */
export interface CheckedDrainOptions {
  readonly serviceBusConnectionString: string;
  readonly blobConnectionString: string;
  /** Of the broker's side door. */
  readonly brokerUrl: string;
  /** Of the blob server's side door. */
  readonly blobUrl: string;
  readonly orders: number;
  readonly ordersPerSecond: number;
  /** From the last order's time on. */
  readonly limitMs: number;
}

/** What came of the orders. */
export interface CheckedDrain {
  readonly correctness: Correctness;
  /** Whether every queue was empty before the limit. */
  readonly isDrained: boolean;
  /** Of the first orders that are missing; empty where none is. */
  readonly lastSeen: string;
}

const POLL_MS = 250;
/** Any seed does: nothing is compared. */
const SEED = 1;

/**
 * Sends orders at a constant rate through whatever works at the queues, and looks up every one of them. Nothing is
 * measured: unlike in a run, what works there may be killed and replaced meanwhile.
 */
export async function checkedDrain(options: CheckedDrainOptions): Promise<CheckedDrain> {
  const { blobConnectionString, orders, ordersPerSecond, limitMs } = options;
  const connectBus = () => new ServiceBusClient(options.serviceBusConnectionString);
  const service = BlobServiceClient.fromConnectionString(blobConnectionString);
  const broker = new BrokerAdmin(options.brokerUrl);
  const store = blobStore({ blobConnectionString, blobs: new BlobAdmin(options.blobUrl) }, OUTBOXES);
  await makeOutboxes(service);
  await store.empty();
  const workload = await makeWorkload(service, { count: orders, seed: SEED, expressShare: 0.5, malformed: 0 });
  const { signal } = new AbortController();
  const { messages } = workload;
  const { ingress: to, stops, boxes } = pipelineOf();
  const arrival = { kind: 'constant', ratePerSecond: ordersPerSecond } as const;
  const { scheduledEnqueueTimeMs } = await scheduleArrival({ connectBus, to, messages, arrival, signal });
  const end = await watchDrain({
    site: { store, movingMessages: () => queuedMessages(broker), failure: new Promise(() => {}) },
    expected: orders,
    deadlineMs: scheduledEnqueueTimeMs + (orders / ordersPerSecond) * 1000 + limitMs,
    pollMs: POLL_MS,
    signal,
  });
  const stored = await verifyStored(store, OUTBOXES, workload.orders);
  const deadLetters = await peekDeadLetters(connectBus, boxes);
  return {
    correctness: correctness({ workload, stored, deadLetters, queues: await broker.queues() }),
    isDrained: end === 'drained',
    lastSeen: stored.missing.length === 0 ? '' : await whereLastSeen(broker, stops, stored.missing),
  };
}
