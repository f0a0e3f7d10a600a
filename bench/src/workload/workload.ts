import type { ServiceBusClient } from '@azure/service-bus';
import type { BlobServiceClient } from '@azure/storage-blob';
import {
  type Arrival,
  loadDataset,
  makeHostileOrders,
  makeMalformed,
  makeOrders,
  type OrderMessage,
  type QueueMessage,
  type Schedule,
  scheduleOrders,
  storeDataset,
  TooLate,
} from '@order-bench/generator';
import { OUTBOX_BINDING, route } from '@order-bench/orders';
import type { OrderCounts } from '../results/result.js';
import type { ExpectedOrder } from './expected-orders.js';

/** What is sent in a run, and what must come of it. */
export interface Workload {
  readonly counts: OrderCounts;
  readonly orders: readonly ExpectedOrder[];
  /** Messages that must end in a dead-letter queue with their body intact. */
  readonly malformed: readonly QueueMessage[];
  /** All of it in the order of sending, malformed ones spread among the orders. */
  readonly messages: readonly QueueMessage[];
  readonly meanPayloadBytes: number;
}

/** What decides a workload. */
export interface WorkloadOptions {
  readonly count: number;
  readonly seed: number;
  readonly expressShare: number;
  readonly malformed: number;
  /** Size of each order; as the generator makes them where it is absent. */
  readonly payloadBytes?: number | undefined;
}

/**
 * Time to schedule in: a fixed part, and a part for each message. Measured on 2 cores: 0.1 ms in a burst, and paced,
 * where nearly every message needs a request of its own, 0.6 ms.
 */
const LEAD_MS = 2_000;
const LEAD_MS_PER_MESSAGE = { burst: 0.3, constant: 1.5 };
const ATTEMPTS = 3;
/** A warm-up window is not timed: just enough to be scheduled in. */
const WINDOW_LEAD_MS = 1_000;

/**
 * Stores the seed's dataset in the blob store, as the generator's command does, and loads it from there. With
 * `malformed` > 0 that many malformed messages join, and as many of the last orders are hostile ones instead.
 */
export async function makeWorkload(blobs: BlobServiceClient, options: WorkloadOptions): Promise<Workload> {
  const { count, seed, expressShare, malformed, payloadBytes } = options;
  await storeDataset({ blobs, count, seed, expressShare, payloadBytes });
  const dataset = await loadDataset({ blobs, count, seed });
  const hostile = Math.min(malformed, count);
  const sent: OrderMessage[] = [
    ...dataset.orders.slice(0, count - hostile),
    ...makeHostileOrders({ count: hostile, seed, firstOrderId: count - hostile + 1 }),
  ];
  const refused = makeMalformed({ count: malformed, seed });
  const express = sent.filter(order => route(order) === 'express').length;
  return {
    counts: { count, seed, express, standard: count - express, malformed },
    orders: sent.map(order => ({
      orderId: String(order.orderId),
      body: order.body,
      container: OUTBOX_BINDING[route(order)],
    })),
    malformed: refused,
    messages: spread(refused, sent),
    meanPayloadBytes: Math.round(sent.reduce((sum, { body }) => sum + body.length, 0) / count),
  };
}

/** What to schedule, and how it comes. */
export interface ArrivalOptions {
  /** Opens a client, which is closed when all is scheduled. */
  readonly connectBus: () => ServiceBusClient;
  /** The queue or topic. */
  readonly to: string;
  readonly messages: readonly QueueMessage[];
  readonly arrival: Arrival;
  /** Time between scheduling and the first order, beside what scheduling usually takes. */
  readonly extraLeadMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Schedules a whole workload beforehand, for one moment or at a constant rate from one on. Where that moment comes too
 * near, what was scheduled is cancelled and the whole is tried again with twice the lead, three times in all.
 */
export async function scheduleArrival(options: ArrivalOptions): Promise<Schedule> {
  const { messages, arrival, extraLeadMs = 0 } = options;
  return scheduleInTime(options, extraLeadMs + LEAD_MS + LEAD_MS_PER_MESSAGE[arrival.kind] * messages.length);
}

/** Sends a window of orders, of a seed of their own, for the warm-up. */
export async function scheduleWindow(
  count: number,
  options: Pick<ArrivalOptions, 'connectBus' | 'to' | 'signal'>,
): Promise<void> {
  const messages = makeOrders({ count, seed: WARM_UP_SEED });
  await scheduleInTime({ ...options, messages, arrival: { kind: 'burst' } }, WINDOW_LEAD_MS);
}

const WARM_UP_SEED = 0;

async function scheduleInTime(options: ArrivalOptions, firstLeadMs: number): Promise<Schedule> {
  for (let attempt = 1, leadMs = firstLeadMs; ; attempt++, leadMs *= 2) {
    try {
      return await schedule({ ...options, leadMs });
    } catch (error) {
      if (!(error instanceof TooLate) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function schedule({
  connectBus,
  to,
  messages,
  arrival,
  leadMs,
  signal,
}: ArrivalOptions & { readonly leadMs: number }): Promise<Schedule> {
  const client = connectBus();
  try {
    const sender = client.createSender(to);
    // Opens the link first: connecting is not scheduling.
    await sender.createMessageBatch();
    return await scheduleOrders({ sender, orders: messages, arrival, atMs: Math.ceil(Date.now() + leadMs), signal });
  } finally {
    await client.close();
  }
}

/** Puts the few among the many at even distances. */
function spread(few: readonly QueueMessage[], many: readonly QueueMessage[]): QueueMessage[] {
  const mixed: QueueMessage[] = [...many];
  for (const [index, message] of few.entries())
    mixed.splice(Math.floor(((index + 0.5) * many.length) / few.length) + index, 0, message);
  return mixed;
}
