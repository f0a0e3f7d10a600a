import { makeOrders } from '@order-bench/generator';
import { type ApiEdge, LISTED_ORIGIN } from './api-edge.js';
import type { ApiDataKind, ApiPartPlan } from './api-plans.js';

/** Orders that are read again and again: k6's virtual users take turns. */
const READ_ORDERS = 20;
/** Orders on their way into the API at once while it is filled. */
const CALLERS = 8;

/** An API that holds the orders which the parts of a test read. */
export interface FilledApi {
  /** Those that are in its cache. */
  readonly read: readonly ReadOrder[];
}

/** An order as it was read. */
export interface ReadOrder {
  readonly path: string;
  readonly etag: string;
}

/** The most that a part may need data of: lines, or iterations, of which k6 starts one at either end. */
export function dataCountOf({ ratePerSecond, durationS, lines }: ApiPartPlan): number {
  return lines ?? Math.ceil(ratePerSecond * durationS) + 1;
}

/**
 * Sends an API the orders that its test will read, waits until they are written, and reads those that are to be in its cache. It
 * gets none where the test reads none.
 *
 * @param unread how many orders are to be there that nobody has read.
 * @throws Error where an order is not taken, or has no ETag after it is written.
 */
export async function fillApi(
  edge: ApiEdge,
  { unread, seed, signal }: { readonly unread: number; readonly seed: number; readonly signal: AbortSignal },
): Promise<FilledApi> {
  const orders = makeOrders({ count: unread + READ_ORDERS, seed });
  const patience = { deadlineMs: Date.now() + FILL_LIMIT_MS, signal };
  const waiting = orders.values();
  const sendAll = async () => {
    for (const { body } of waiting) {
      const call = { method: 'POST', headers: { 'content-type': 'application/json' }, body: body.toString() } as const;
      await edge.client.until(202, '/orders', call, patience);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, sendAll));
  await edge.settled?.(signal);
  const read: ReadOrder[] = [];
  for (const { orderId } of orders.slice(unread)) {
    const path = `/orders/${orderId}`;
    const etag = (await edge.client.until(200, path, {}, patience)).headers.get('etag');
    if (etag === null) throw new Error(`GET ${path} has no ETag, though the order's events are worked off`);
    read.push({ path, etag });
  }
  return { read };
}

const FILL_LIMIT_MS = 120_000;

/**
 * What the iterations of a part are made of, from the given one on, so that a warm-up leaves the part what nobody has met: texts
 * of orders, paths of orders (with ETags where they were read), URLs for webhooks, an import, or an origin.
 */
export function dataOf(
  kind: ApiDataKind,
  {
    api,
    seed,
    first,
    count,
  }: { readonly api: FilledApi; readonly seed: number; readonly first: number; readonly count: number },
): readonly unknown[] {
  const turns = Array.from({ length: count }, (_, index) => first + index);
  switch (kind) {
    case 'new-orders':
    case 'told-orders':
      return makeOrders({ count: first + count, seed })
        .slice(first)
        .map(({ body }) => body.toString().replace(OWN_ID, '{'));
    case 'unread-orders':
      return turns.map(turn => ({ path: `/orders/${turn + 1}` }));
    case 'read-orders':
      return api.read;
    case 'webhooks':
      return turns.map(turn => ({ url: `https://partner.example/${turn}` }));
    case 'import': {
      const orders = makeOrders({ count: first + count, seed }).slice(first);
      return [{ key: `lines from ${first}`, lines: orders.map(({ body }) => body.toString()) }];
    }
    case 'origin':
      return [{ origin: LISTED_ORIGIN }];
  }
}

/** The generator puts the id first; without it the API gives one, so that each is a new order. */
const OWN_ID = /^\{"orderId":\d+,/;
