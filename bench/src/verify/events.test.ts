import type { MessageTrace } from '@order-bench/rig';
import { expect, test } from 'vitest';
import { withoutEvent } from './events.js';

const ORDERS = ['1', '2', '3'].map(orderId => ({ orderId }));

test('an order without an event in one of the subscriptions is counted once, and a repeated event changes nothing', async () => {
  const held = {
    'orders/Subscriptions/orders-view': ['1', '2', '2', '3'],
    'orders/Subscriptions/orders-worker': ['1'],
  };
  expect(await withoutEvent(brokerWith(held), ORDERS)).toBe(2);
});

test('where every subscription has every event none is missing', async () => {
  const held = {
    'orders/Subscriptions/orders-view': ['3', '2', '1'],
    'orders/Subscriptions/orders-worker': ['1', '2', '3'],
  };
  expect(await withoutEvent(brokerWith(held), ORDERS)).toBe(0);
});

/** A broker whose subscriptions hold the events of these orders. */
function brokerWith(held: Readonly<Record<string, readonly string[]>>) {
  return {
    messages: async (name: string): Promise<MessageTrace[]> =>
      (held[name] ?? []).map(orderId => ({
        messageId: `evt_written_${orderId}`,
        ...{ state: 'active', deliveryCount: 0, enqueuedAtMs: 0 },
      })),
  };
}
