import { sha256Hex } from './digest.js';
import type { DeliveryRoutes } from './from-dapr.js';
import type { WrittenEvent } from './order-event.js';
import { type OrderRecord, orderKey, readOrder, type WrittenOrder } from './order-record.js';
import { type ApiOptions, DaprFailed } from './ports.js';
import { takeEvent } from './take-event.js';

/** What the view is made of. */
export type ViewOptions = Pick<ApiOptions, 'state' | 'pipeline'>;

/** The role orders-view: it keeps the read model, from which the API alone answers how far an order is. */
export function viewRoutes(options: ViewOptions): DeliveryRoutes {
  return { '/events/orders': takeEvent(event => markWritten(event, options)) };
}

/**
 * Keeps that an order is written, by compare-and-set: who was faster is read again. An event that is there before the order's
 * record makes it, and a repeat changes nothing.
 *
 * @throws DaprFailed where state or blobs are away: the event comes again.
 */
async function markWritten(event: WrittenEvent, options: ViewOptions): Promise<void> {
  const { state } = options;
  const { orderId } = event;
  let written: WrittenOrder | undefined;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const kept = await readOrder(orderId, options);
    if (kept?.record.written) return;
    written ??= await readWritten(event, options);
    const record: OrderRecord = {
      ...(kept?.record ?? { orderId, route: event.delivery, acceptedAt: event.time }),
      written,
    };
    const isKept = kept
      ? await state.replace(orderKey(orderId), record, kept.etag)
      : await state.create(orderKey(orderId), record);
    if (isKept) return;
  }
  throw new DaprFailed('state', `Order ${orderId} was changed by others ${MOST_ATTEMPTS} times in a row.`);
}

/** Others change an order once or twice in its life. */
const MOST_ATTEMPTS = 5;

async function readWritten(
  { orderId, delivery, time }: WrittenEvent,
  { pipeline }: ViewOptions,
): Promise<WrittenOrder> {
  const text = await pipeline.readWritten(orderId, delivery);
  if (text === undefined) throw new DaprFailed('pipeline', `Order ${orderId} is said to be written, and has no blob.`);
  return { at: time, blobName: String(orderId), digest: await sha256Hex(text) };
}
