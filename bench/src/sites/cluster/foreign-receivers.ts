import type { DaprdCalls } from '../../figures/daprd-metrics.js';

/** What the contender's daprds did during a drain, and what there was to do. */
export interface DrainTally {
  /** Messages that were scheduled to the ingress queue. */
  readonly sent: number;
  /** Orders among them. */
  readonly orders: number;
  /** Of all daprds of the distributor. */
  readonly distributor: DaprdCalls;
  /** Of all daprds of the receivers. */
  readonly receivers: DaprdCalls;
}

/**
 * Whether somebody else took messages, once every queue is empty: a message that left a queue without any of the
 * contender's own daprds having handed it to its app. What went into the delivery queues is what the distributor's daprds
 * sent, at most the orders: a send that failed and was repeated counts twice.
 *
 * @returns a sentence for each place.
 */
export function foreignReceivers({ sent, orders, distributor, receivers }: DrainTally): string[] {
  const forwarded = Math.min(distributor.output.count, orders);
  const lack = (queued: number, seen: number, where: string) =>
    seen >= queued
      ? []
      : [
          `somebody else receives from ${where}: ${queued - seen} of ${queued} messages left it past this contender’s daprds`,
        ];
  return [
    ...lack(sent, distributor.app.count, 'the ingress queue'),
    ...lack(forwarded, receivers.app.count, 'the delivery queues'),
  ];
}
