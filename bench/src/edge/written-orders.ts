import type { ApiClient } from '../workload/api-client.js';

const LOOK_LIMIT_MS = 120_000;

/**
 * The ids of all orders that stand in the outboxes, by the API's own list.
 *
 * @throws as `ApiClient.until`, after two minutes.
 */
export async function writtenOrders(client: Pick<ApiClient, 'pages'>, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  const patience = { deadlineMs: Date.now() + LOOK_LIMIT_MS, signal };
  for await (const { orders } of client.pages<ListedPage>('/orders?limit=200', patience))
    ids.push(...orders.map(({ orderId }) => String(orderId)));
  return ids;
}

interface ListedPage {
  readonly orders: readonly { readonly orderId: number }[];
}

/**
 * Looks whether each line of imports is one order: those with the ids from 1 to the number of lines, and no others.
 *
 * @throws Error naming some of those that are not, beside what `writtenOrders` throws.
 */
export async function checkLines(client: Pick<ApiClient, 'pages'>, lines: number, signal: AbortSignal): Promise<void> {
  const left = new Set(Array.from({ length: lines }, (_, at) => String(at + 1)));
  const others = (await writtenOrders(client, signal)).filter(id => !left.delete(id));
  if (left.size === 0 && others.length === 0) return;
  const shown = (ids: readonly string[]) => ids.slice(0, SHOWN).join(', ');
  throw new Error(
    `of ${lines} imported lines ${left.size} are no order (${shown([...left])}), and ${others.length} orders are of none (${shown(others)})`,
  );
}

const SHOWN = 10;
