import type { Route } from '@order-bench/orders';
import type { ApiOptions, Stored } from './ports.js';

/** What is kept of an order: the API makes it when it accepts the order, the view adds that it is written. */
export interface OrderRecord {
  readonly orderId: number;
  /**
   * Hex of SHA-256 over the text that was accepted: another text under the same id is another order. Absent where the order
   * came into the pipeline another way.
   */
  readonly digest?: string;
  readonly route: Route;
  /** ISO 8601. */
  readonly acceptedAt: string;
  /** Absent until then. */
  readonly written?: WrittenOrder;
}

/** What is known of an order from the moment at which it is written. */
export interface WrittenOrder {
  /** ISO 8601. */
  readonly at: string;
  /** Its blob, in the outbox of its route. */
  readonly blobName: string;
  /** Hex of SHA-256 over what stands in the blob. */
  readonly digest: string;
}

/** The key of an order in the state. */
export function orderKey(orderId: number): string {
  return `order-${orderId}`;
}

/** What is kept of an order, with its validator. @throws DaprFailed where the state is away */
export async function readOrder(orderId: number, { state }: Pick<ApiOptions, 'state'>): Promise<KeptOrder | undefined> {
  const stored: Stored | undefined = await state.get(orderKey(orderId));
  return stored && { record: stored.value as OrderRecord, etag: stored.etag };
}

/** A record as it was read. */
export interface KeptOrder {
  readonly record: OrderRecord;
  readonly etag: string;
}
