import type { Route } from '@order-bench/orders';
import { nextLink, readPage } from './cursor.js';
import { type ApiRequest, type ApiResponse, failure, json } from './http.js';
import type { ApiOptions } from './ports.js';

const ROUTES: readonly Route[] = ['express', 'standard'];

/**
 * GET /orders: ids of written orders, a page at a time, those of one delivery or of both one after the other.
 *
 * @throws DaprFailed where the pipeline's outboxes are away.
 */
export async function listOrders(request: ApiRequest, { pipeline }: ApiOptions): Promise<ApiResponse> {
  const delivery = request.query.get('delivery')?.toLowerCase();
  const wanted = delivery === undefined ? ROUTES : ROUTES.filter(name => name === delivery);
  if (wanted.length === 0) return failure(400, 'delivery takes express or standard.', { field: 'delivery' });
  const page = readPage(request.query);
  if ('field' in page) return failure(400, `${page.detail}.`, { field: page.field });
  const [from, marker] = placeOf(page.marker, wanted);
  if (from === undefined) return failure(400, 'cursor is of another list.', { field: 'cursor' });
  const { names, marker: next } = await pipeline.list(from, {
    limit: page.limit,
    ...(marker === '' ? {} : { marker }),
  });
  const following = next === undefined ? wanted[wanted.indexOf(from) + 1] : from;
  const query = { ...(delivery === undefined ? {} : { delivery }), limit: page.limit };
  const headers = {
    'cache-control': 'no-cache',
    ...(following === undefined ? {} : { link: nextLink('/orders', query, `${following}:${next ?? ''}`) }),
  };
  const orders = names.map(name => ({ orderId: Number(name), delivery: from, href: `/orders/${name}` }));
  return json(200, { orders }, headers);
}

/** A cursor holds the outbox and its own marker; without one a list begins with the first outbox. */
function placeOf(marker: string | undefined, wanted: readonly Route[]): readonly [Route | undefined, string] {
  if (marker === undefined) return [wanted[0], ''];
  const at = marker.indexOf(':');
  return [wanted.find(name => name === marker.slice(0, at)), marker.slice(at + 1)];
}
