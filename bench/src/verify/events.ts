import type { BrokerAdmin } from '@order-bench/rig';
import type { ExpectedOrder } from '../workload/expected-orders.js';
import { eventId, SUBSCRIPTIONS } from '../workload/order-api.js';

/** How many of these orders some subscription has no event of; one that came twice counts once. */
export async function withoutEvent(
  broker: Pick<BrokerAdmin, 'messages'>,
  orders: readonly Pick<ExpectedOrder, 'orderId'>[],
): Promise<number> {
  const held = await Promise.all(
    SUBSCRIPTIONS.map(async name => new Set((await broker.messages(name)).map(({ messageId }) => messageId))),
  );
  return orders.filter(({ orderId }) => held.some(ids => !ids.has(eventId(orderId)))).length;
}
