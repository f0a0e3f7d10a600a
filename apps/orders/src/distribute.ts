import type { Bindings } from './bindings.js';
import { QUEUE_BINDING } from './names.js';
import type { Order } from './order.js';
import { route } from './route.js';

/**
 * Forwards an order to the queue of its route. The message id is the order's id, so that a queue can tell a repeat.
 *
 * @throws what `bindings.create` throws
 */
export async function distribute(order: Order, bindings: Bindings): Promise<void> {
  await bindings.create({
    binding: QUEUE_BINDING[route(order)],
    order,
    metadata: { MessageId: String(order.orderId) },
  });
}
