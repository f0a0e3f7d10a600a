import { QUEUE_BINDING } from './names.js';
import { route } from './route.js';
import type { Step } from './step.js';

/**
 * Forwards an order to the queue of its route. The message id is the order's id, so that a queue can tell a repeat. The
 * trace goes into the message too: Dapr puts no header into one, and hands a message's properties to the next app as
 * headers. Its state stays behind, for Dapr would hand that over percent-encoded.
 *
 * @throws what `bindings.create` throws
 */
export async function distribute({ order, bindings, trace }: Step): Promise<void> {
  const MessageId = String(order.orderId);
  await bindings.create({
    binding: QUEUE_BINDING[route(order)],
    order,
    metadata: trace ? { MessageId, traceparent: trace.traceparent } : { MessageId },
    trace,
  });
}
