import type { Bindings } from './bindings.js';
import { OUTBOX_BINDING } from './names.js';
import type { Order } from './order.js';
import { route } from './route.js';

/**
 * Stores an order as a blob in the container of its route. The blob's name is the order's id, so that an order written
 * again replaces itself.
 *
 * @throws what `bindings.create` throws
 */
export async function receive(order: Order, bindings: Bindings): Promise<void> {
  await bindings.create({
    binding: OUTBOX_BINDING[route(order)],
    order,
    metadata: { blobName: String(order.orderId), contentType: 'application/json' },
  });
}
