import { changeState } from './change-state.js';
import { sha256Hex } from './digest.js';
import type { DeliveryRoutes } from './from-dapr.js';
import type { WrittenEvent } from './order-event.js';
import { type OrderRecord, orderKey, type WrittenOrder } from './order-record.js';
import { type ApiOptions, DaprFailed } from './ports.js';
import { takeEvent } from './take-event.js';

/** What the view is made of. */
export type ViewOptions = Pick<ApiOptions, 'state' | 'pipeline'>;

/** The role orders-view: it keeps the read model, from which the API alone answers how far an order is. */
export function viewRoutes(options: ViewOptions): DeliveryRoutes {
  return { '/events/orders': takeEvent(event => markWritten(event, options)) };
}

/**
 * Keeps that an order is written, by compare-and-set. An event that is there before the order's record makes it, and a repeat
 * changes nothing.
 *
 * @throws DaprFailed where state or blobs are away: the event comes again.
 */
async function markWritten(event: WrittenEvent, options: ViewOptions): Promise<void> {
  const { orderId } = event;
  let written: WrittenOrder | undefined;
  await changeState(options.state, orderKey(orderId), async stored => {
    const kept = stored?.value as OrderRecord | undefined;
    if (kept?.written) return { result: undefined };
    written ??= await readWritten(event, options);
    const value: OrderRecord = { ...(kept ?? { orderId, route: event.delivery, acceptedAt: event.time }), written };
    return { value, result: undefined };
  });
}

async function readWritten(
  { orderId, delivery, time }: WrittenEvent,
  { pipeline }: ViewOptions,
): Promise<WrittenOrder> {
  const text = await pipeline.readWritten(orderId, delivery);
  if (text === undefined) throw new DaprFailed('pipeline', `Order ${orderId} is said to be written, and has no blob.`);
  return { at: time, blobName: String(orderId), digest: await sha256Hex(text) };
}
