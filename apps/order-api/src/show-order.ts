import { type AcceptedOrder, orderKey } from './accept-order.js';
import { sha256Hex } from './digest.js';
import { isNotModified, orderETag } from './etag.js';
import { type ApiRequest, type ApiResponse, failure } from './http.js';
import { MEDIA_TYPES, negotiate, type Representation } from './negotiate.js';
import type { ApiOptions } from './ports.js';
import { type OrderView, OVERDUE_AFTER_MS, represent } from './represent.js';

/** Written orders never change. */
const WRITTEN_CACHE = 'private, max-age=86400, immutable';
const PENDING_CACHE = 'no-cache';

/**
 * GET and HEAD /orders/{id}: the order in the form that the caller wants most, and how far it is.
 *
 * @throws DaprFailed where state or pipeline is away.
 */
export async function showOrder(request: ApiRequest, orderId: number, options: ApiOptions): Promise<ApiResponse> {
  const kept = (await options.state.get(orderKey(orderId)))?.value as AcceptedOrder | undefined;
  if (!kept) return failure(404, `There is no order ${orderId}.`);
  const as = negotiate(request.header('accept'));
  if (!as) return failure(406, `An order is shown as ${Object.values(MEDIA_TYPES).join(', ')}.`);
  const text = await options.pipeline.readWritten(orderId, kept.route);
  return text === undefined ? pending(kept, as, options) : written({ request, kept, as, text });
}

function pending({ orderId, acceptedAt }: AcceptedOrder, as: Representation, { now }: ApiOptions): ApiResponse {
  const isOverdue = now() - Date.parse(acceptedAt) >= OVERDUE_AFTER_MS;
  const view: OrderView = { orderId, acceptedAt, status: isOverdue ? 'overdue' : 'accepted' };
  const headers = { ...headersOf(as), 'cache-control': PENDING_CACHE, 'retry-after': '1' };
  return { status: 200, headers, body: represent(view, as) };
}

interface Written {
  readonly request: ApiRequest;
  readonly kept: AcceptedOrder;
  readonly as: Representation;
  readonly text: string;
}

async function written({ request, kept, as, text }: Written): Promise<ApiResponse> {
  const etag = orderETag(await sha256Hex(text), as);
  const headers = { ...headersOf(as), etag, 'cache-control': WRITTEN_CACHE };
  if (isNotModified(request.header('if-none-match'), etag)) {
    const { 'content-type': _, ...withoutContent } = headers;
    return { status: 304, headers: withoutContent };
  }
  const { orderId, acceptedAt } = kept;
  return { status: 200, headers, body: represent({ orderId, acceptedAt, status: 'written', text }, as) };
}

function headersOf(as: Representation) {
  const common = { 'content-type': `${MEDIA_TYPES[as]}; charset=utf-8`, vary: 'Accept' };
  return as === 'html' ? { ...common, 'content-security-policy': PAGE_POLICY } : common;
}

const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
