import { ServiceBusClient } from '@azure/service-bus';
import { scheduleOrders } from '@order-bench/generator';
import type { Rig } from '@order-bench/rig';
import type { Workload } from '../workload/workload.js';
import type { Traffic } from './traffic.js';

/** What to schedule, and when it comes. */
export interface WaveOptions {
  readonly rig: Pick<Rig, 'serviceBusConnectionString'>;
  /** The queue or topic. */
  readonly to: string;
  readonly workload: Pick<Workload, 'messages' | 'orders'>;
  /** When each wave comes, from the first one's time on. */
  readonly waveTimesMs: readonly number[];
  readonly signal: AbortSignal;
}

/** Long enough to schedule a thousand orders on a busy machine of two cores. */
const LEAD_MS = 3_000;

/**
 * Schedules the orders before the first fault, in as many waves as there are times, so that each fault finds a wave on
 * its way.
 */
export async function scheduleWaves({ rig, to, workload, waveTimesMs, signal }: WaveOptions): Promise<Traffic> {
  const client = new ServiceBusClient(rig.serviceBusConnectionString);
  try {
    const sender = client.createSender(to);
    const startMs = Math.ceil(Date.now() + LEAD_MS);
    const arrivedAtMs = new Map<string, number>();
    for (const [index, orders] of inWaves(workload.messages, waveTimesMs.length).entries()) {
      const atMs = startMs + (waveTimesMs[index] ?? 0);
      if (orders.length > 0) await scheduleOrders({ sender, orders, atMs, signal });
      for (const { messageId } of orders) arrivedAtMs.set(messageId, atMs);
    }
    return {
      startMs,
      open: () => 0,
      outcome: async () => ({ arrivedAtMs, orders: workload.orders, failures: [] }),
      stop: async () => {},
    };
  } finally {
    await client.close();
  }
}

/** Shares things out among waves, as evenly as can be. */
export function inWaves<Thing>(things: readonly Thing[], waves: number): (readonly Thing[])[] {
  const share = things.length / waves;
  return Array.from({ length: waves }, (_, index) =>
    things.slice(Math.round(index * share), Math.round((index + 1) * share)),
  );
}
