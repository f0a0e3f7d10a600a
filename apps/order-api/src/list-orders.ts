import type { Route } from '@order-bench/orders';
import { pathOfNext, readPage, valueIn } from './cursor.js';
import { escapeMarkup } from './escape.js';
import { HTML_POLICY, htmlPage } from './html-page.js';
import { type ApiRequest, type ApiResponse, failure } from './http.js';
import { MEDIA_TYPES, negotiate } from './negotiate.js';
import type { ApiOptions } from './ports.js';

const ROUTES: readonly Route[] = ['express', 'standard'];

/**
 * GET /orders: ids of written orders, a page at a time, those of one delivery or of both one after the other, as JSON or to be
 * read.
 *
 * @throws DaprFailed where the pipeline's outboxes are away.
 */
export async function listOrders(request: ApiRequest, { pipeline }: ApiOptions): Promise<ApiResponse> {
  const as = negotiate(request.header('accept'), ['json', 'html']);
  if (!as) return failure(406, `Orders are listed as ${MEDIA_TYPES.json} and ${MEDIA_TYPES.html}.`);
  const delivery = valueIn(request.query, 'delivery')?.toLowerCase();
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
  const path = following === undefined ? undefined : pathOfNext('/orders', query, `${following}:${next ?? ''}`);
  const headers = {
    'content-type': as === 'json' ? MEDIA_TYPES.json : `${MEDIA_TYPES.html}; charset=utf-8`,
    'cache-control': 'no-cache',
    vary: 'Accept',
    ...(path === undefined ? {} : { link: `<${path}>; rel="next"` }),
    ...(as === 'json' ? {} : { 'content-security-policy': HTML_POLICY }),
  };
  const orders = names.map(name => ({ orderId: Number(name), delivery: from, href: `/orders/${name}` }));
  return { status: 200, headers, body: as === 'json' ? JSON.stringify({ orders }) : htmlOf(orders, path) };
}

interface ListedOrder {
  readonly orderId: number;
  readonly delivery: Route;
  readonly href: string;
}

function htmlOf(orders: readonly ListedOrder[], next: string | undefined): string {
  const rows = orders.map(
    ({ orderId, delivery, href }) =>
      `<tr><td><a href="${escapeMarkup(href)}">${orderId}</a></td><td>${delivery}</td></tr>`,
  );
  const table =
    rows.length === 0
      ? '<p>None here.</p>'
      : `<table><thead><tr><th>Order</th><th>Delivery</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
  const links = next === undefined ? '' : `<p><a rel="next" href="${escapeMarkup(next)}">More</a></p>`;
  return htmlPage({ title: 'Written orders', main: `<h1>Written orders</h1>${table}${links}` });
}

/** A cursor holds the outbox and its own marker; without one a list begins with the first outbox. */
function placeOf(marker: string | undefined, wanted: readonly Route[]): readonly [Route | undefined, string] {
  if (marker === undefined) return [wanted[0], ''];
  const at = marker.indexOf(':');
  return [wanted.find(name => name === marker.slice(0, at)), marker.slice(at + 1)];
}
