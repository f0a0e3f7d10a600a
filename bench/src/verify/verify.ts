import type { BlobWrite } from '@order-bench/rig';
import type { TimingFigures } from '../results/result.js';
import { contentMd5, type ExpectedOrder, holdsOrder } from '../workload/expected-orders.js';
import type { BlobStore } from './blob-store.js';

/** What the containers hold, held against what was sent. */
export interface StoredOrders {
  /** Last write of each order found in its container, by its id. */
  readonly writtenAtMs: ReadonlyMap<string, number>;
  readonly missing: readonly ExpectedOrder[];
  /** Blob names that no order has. */
  readonly unexpected: readonly string[];
  readonly misrouted: readonly string[];
  readonly corrupt: readonly string[];
  readonly duplicateWrites: number | null;
  /** Of the write times: of a second where one of them is. */
  readonly resolution: TimingFigures['resolution'];
}

/**
 * Looks up every order by its identity: in its container, and with its content (by Content-MD5; where that differs, by
 * the values in the blob).
 */
export async function verifyStored(
  store: BlobStore,
  containers: readonly string[],
  orders: readonly ExpectedOrder[],
): Promise<StoredOrders> {
  const expected = new Map(orders.map(order => [order.orderId, order]));
  const unexpected: string[] = [];
  const misrouted: string[] = [];
  const corrupt: string[] = [];
  const found = new Map<string, BlobWrite>();
  let duplicateWrites = 0;
  let resolution: TimingFigures['resolution'] = 'exact';
  for (const container of containers) {
    const held = await store.writes(container);
    if (held.resolution === 'second') resolution = 'second';
    for (const write of held.writes) {
      duplicateWrites += write.writes - 1;
      const order = expected.get(write.name);
      if (!order) unexpected.push(`${container}/${write.name}`);
      else if (order.container !== container) misrouted.push(write.name);
      else {
        found.set(write.name, write);
        const intact =
          write.contentMd5 === contentMd5(order) || holdsOrder(await store.read(container, write.name), order);
        if (!intact) corrupt.push(write.name);
      }
    }
  }
  const elsewhere = new Set(misrouted);
  return {
    writtenAtMs: new Map([...found].map(([orderId, { lastWrittenAtMs }]) => [orderId, lastWrittenAtMs])),
    missing: orders.filter(({ orderId }) => !found.has(orderId) && !elsewhere.has(orderId)),
    unexpected,
    misrouted,
    corrupt,
    duplicateWrites: store.countsWrites ? duplicateWrites : null,
    resolution,
  };
}
