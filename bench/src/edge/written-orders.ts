import type { ApiClient, Patience } from '../workload/api-client.js';

/**
 * The ids of all orders that stand in the outboxes, by the API's own list.
 *
 * @throws as `ApiClient.until`.
 */
export async function writtenOrders(client: ApiClient, patience: Patience): Promise<string[]> {
  const ids: string[] = [];
  for await (const { orders } of client.pages<ListedPage>('/orders?limit=200', patience))
    ids.push(...orders.map(({ orderId }) => String(orderId)));
  return ids;
}

interface ListedPage {
  readonly orders: readonly { readonly orderId: number }[];
}
