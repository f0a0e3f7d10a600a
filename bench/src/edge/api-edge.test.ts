import type { QueueState } from '@order-bench/rig';
import { expect, test } from 'vitest';
import { untilDrained } from './api-edge.js';

const NEVER = new AbortController().signal;

test('it waits for what waits and for what is being worked on, in every queue and subscription', async () => {
  const seen = [
    [{ name: 'q-order-ingress', active: 2 }],
    [{ name: 'orders/Subscriptions/orders-view', locked: 1 }],
    [{ name: 'q-jobs' }],
  ];
  await untilDrained({ queues: async () => (seen.shift() ?? []).map(stateOf) }, NEVER);
  expect(seen).toEqual([]);
});

test('what nobody could take is not waited for', async () => {
  await untilDrained({ queues: async () => [stateOf({ name: 'orders-dead/Subscriptions/kept', active: 3 })] }, NEVER);
});

test('it ends where it is aborted', async () => {
  const full = { queues: async () => [stateOf({ name: 'q-jobs', active: 1 })] };
  await expect(untilDrained(full, AbortSignal.abort(new Error('enough')))).rejects.toThrow();
});

function stateOf(changes: Partial<QueueState> & Pick<QueueState, 'name'>): QueueState {
  return {
    ...{ active: 0, scheduled: 0, locked: 0, deferred: 0, deadLettered: 0 },
    counters: { delivered: 0, redelivered: 0, locksExpired: 0, locksRenewed: 0 },
    ...changes,
  };
}
