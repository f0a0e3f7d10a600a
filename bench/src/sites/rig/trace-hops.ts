import type { Rig } from '@order-bench/rig';
import { callsBetween, type DaprdReadings, sampleDaprds, wholeTimes } from '../../figures/daprd-metrics.js';
import { hopFigures } from '../../figures/hops.js';
import type { HopFigures } from '../../results/result.js';
import { INGRESS_QUEUE, QUEUES } from '../../workload/pipeline.js';

/** What there is to trace orders by, once all are written. */
export interface TraceOptions {
  readonly rig: Pick<Rig, 'broker' | 'daprs'>;
  /** As in `1.18.3`. */
  readonly daprdVersion: string;
  /** The daprds' metrics before the first order. */
  readonly before: DaprdReadings;
  readonly writtenAtMs: ReadonlyMap<string, number>;
}

/** Collects from broker and daprds where the time of a drain went; empty for a contender without Dapr. */
export async function traceHops({ rig, daprdVersion, before, writtenAtMs }: TraceOptions): Promise<HopFigures[]> {
  if (rig.daprs.length === 0) return [];
  const after = await sampleDaprds(rig.daprs);
  const calls = (isWanted: (appId: string) => boolean) => {
    const names = rig.daprs.filter(({ appId }) => isWanted(appId)).map(({ name }) => name);
    return wholeTimes(callsBetween(before, after, names), daprdVersion);
  };
  const messages = async (queues: readonly string[]) =>
    (await Promise.all(queues.map(queue => rig.broker.messages(queue)))).flat();
  return hopFigures({
    ingress: await messages([INGRESS_QUEUE]),
    delivery: await messages(QUEUES.filter(queue => queue !== INGRESS_QUEUE)),
    writtenAtMs,
    distributor: calls(appId => appId === 'distributor'),
    receiver: calls(appId => appId !== 'distributor'),
  });
}
