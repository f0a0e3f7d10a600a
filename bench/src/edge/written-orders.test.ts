import { expect, test } from 'vitest';
import { checkLines } from './written-orders.js';

const NEVER = new AbortController().signal;

test('each line is one order, on whatever page', async () => {
  await checkLines(listing([[2], [3, 1]]), 3, NEVER);
});

test('a line that is no order is named, and an order that is of no line or there twice', async () => {
  await expect(
    checkLines(
      listing([
        [1, 3],
        [3, 9],
      ]),
      3,
      NEVER,
    ),
  ).rejects.toThrow('of 3 imported lines 1 are no order (2), and 2 orders are of none (3, 9)');
});

function listing(pages: readonly (readonly number[])[]) {
  return {
    async *pages<Page>() {
      for (const ids of pages) yield { orders: ids.map(orderId => ({ orderId })) } as Page;
    },
  };
}
