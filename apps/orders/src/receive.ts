import { OUTBOX_BINDING } from './names.js';
import { route } from './route.js';
import type { Step } from './step.js';

/**
 * Stores an order as a blob in the container of its route. The blob's name is the order's id, so that an order written
 * again replaces itself.
 *
 * @throws what `bindings.create` throws
 */
export async function receive({ order, bindings, trace }: Step): Promise<void> {
  await bindings.create({
    binding: OUTBOX_BINDING[route(order)],
    order,
    metadata: { blobName: String(order.orderId), contentType: 'application/json' },
    trace,
  });
}
