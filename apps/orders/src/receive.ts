import { orderWritten } from './events.js';
import { OUTBOX_BINDING } from './names.js';
import { route } from './route.js';
import type { Step } from './step.js';

/**
 * Stores an order as a blob in the container of its route. The blob's name is the order's id, so that an order written
 * again replaces itself. Then, where it is to, tells the topic: the message is done with once both are confirmed, so that
 * no event is lost and some come twice.
 *
 * @throws what `bindings.create` and `events.publish` throw
 */
export async function receive({ order, bindings, events, trace }: Step): Promise<void> {
  await bindings.create({
    binding: OUTBOX_BINDING[route(order)],
    order,
    metadata: { blobName: String(order.orderId), contentType: 'application/json' },
    trace,
  });
  await events?.publish({ order, event: orderWritten(order, new Date()), trace });
}
