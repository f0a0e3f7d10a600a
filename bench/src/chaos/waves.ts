import { ServiceBusClient } from '@azure/service-bus';
import { type QueueMessage, scheduleOrders } from '@order-bench/generator';
import type { Rig } from '@order-bench/rig';
import { INGRESS_QUEUE } from '../workload/pipeline.js';

/** What to schedule, and when it comes. */
export interface WaveOptions {
  readonly rig: Pick<Rig, 'serviceBusConnectionString'>;
  readonly messages: readonly QueueMessage[];
  /** When each wave comes, from the first one's time on. */
  readonly waveTimesMs: readonly number[];
  readonly signal: AbortSignal;
}

/** When the orders come. */
export interface Arrivals {
  /** The start of the drain, milliseconds since the epoch. */
  readonly startMs: number;
  /** By order id, milliseconds since the epoch. */
  readonly arrivedAtMs: ReadonlyMap<string, number>;
}

/** Long enough to schedule a thousand orders on a busy machine of two cores. */
const LEAD_MS = 3_000;

/**
 * Schedules the orders before the first fault, in as many waves as there are times, so that each fault finds a wave on
 * its way.
 */
export async function scheduleWaves({ rig, messages, waveTimesMs, signal }: WaveOptions): Promise<Arrivals> {
  const client = new ServiceBusClient(rig.serviceBusConnectionString);
  try {
    const sender = client.createSender(INGRESS_QUEUE);
    const startMs = Math.ceil(Date.now() + LEAD_MS);
    const arrivedAtMs = new Map<string, number>();
    for (const [index, waveAtMs] of waveTimesMs.entries()) {
      const share = messages.length / waveTimesMs.length;
      const orders = messages.slice(Math.round(index * share), Math.round((index + 1) * share));
      const atMs = startMs + waveAtMs;
      if (orders.length > 0) await scheduleOrders({ sender, orders, atMs, signal });
      for (const { messageId } of orders) arrivedAtMs.set(messageId, atMs);
    }
    return { startMs, arrivedAtMs };
  } finally {
    await client.close();
  }
}
