import type { MessageTrace } from '@order-bench/rig';
import { callsBetween, type DaprdReadings, wholeTimes } from '../figures/daprd-metrics.js';
import { hopFigures } from '../figures/hops.js';
import type { HopFigures } from '../results/result.js';
import { INGRESS_QUEUE, QUEUES } from '../workload/pipeline.js';

/** What there is to trace orders by, once all are written. */
export interface TraceOptions {
  /** Every message that a queue had, as the broker keeps them. */
  readonly messages: (queue: string) => Promise<readonly MessageTrace[]>;
  /** The daprds' metrics before the first order, and after the last. */
  readonly before: DaprdReadings;
  readonly after: DaprdReadings;
  /** Names, in the readings, of the daprds before the distributor, and before the receivers. */
  readonly distributor: readonly string[];
  readonly receivers: readonly string[];
  /** As in `1.18.3`. */
  readonly daprdVersion: string;
  readonly writtenAtMs: ReadonlyMap<string, number>;
}

/** Collects from broker and daprds where the time of a drain went; empty where the broker has forgotten some of its messages. */
export async function traceHops(options: TraceOptions): Promise<HopFigures[]> {
  const { messages, before, after, daprdVersion, writtenAtMs } = options;
  const calls = (names: readonly string[]) => wholeTimes(callsBetween(before, after, names), daprdVersion);
  const ingress = await messages(INGRESS_QUEUE);
  if (ingress.length < writtenAtMs.size) return [];
  const delivery = await Promise.all(QUEUES.filter(queue => queue !== INGRESS_QUEUE).map(messages));
  return hopFigures({
    ingress,
    delivery: delivery.flat(),
    writtenAtMs,
    distributor: calls(options.distributor),
    receiver: calls(options.receivers),
  });
}
