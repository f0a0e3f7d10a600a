import { MAX_ORDER_BYTES, type Order, type Refusal } from '@order-bench/orders';
import { doOnce } from './do-once.js';
import { type ApiRequest, type ApiResponse, failure, json, mediaTypeOf } from './http.js';
import { type IdempotencyKey, idempotencyKey, readIdempotencyKey } from './idempotency.js';
import { newOrderId, parseWithId } from './order-id.js';
import type { ApiOptions } from './ports.js';
import { submitOrder } from './submit-order.js';

/**
 * POST /orders: keeps that the order is accepted, then sends it into the pipeline, and answers 202 once Dapr has confirmed both.
 * Every step repeats harmlessly: a caller that heard nothing sends the same again.
 *
 * @throws DaprFailed where state or pipeline is away.
 */
export async function acceptOrder(request: ApiRequest, options: ApiOptions): Promise<ApiResponse> {
  if (mediaTypeOf(request) !== 'application/json')
    return failure(415, 'POST /orders takes application/json.', { headers: { accept: 'application/json' } });
  const header = request.header('idempotency-key');
  const name = header === undefined ? undefined : readIdempotencyKey(header);
  if (header !== undefined && name === undefined)
    return failure(400, 'Idempotency-Key is no printable text of 1 to 255 characters.', { field: 'Idempotency-Key' });
  const bytes = await request.body(MAX_ORDER_BYTES);
  if (!bytes) return failure(413, `An order has at most ${MAX_ORDER_BYTES} bytes.`);
  const parsed = parseWithId(bytes, newOrderId(options.now()));
  if ('refusal' in parsed) return refused(parsed.refusal);
  if (name === undefined) return submit(parsed.order, options);
  const key = await idempotencyKey(request.header('authorization') ?? '', name, bytes);
  return submitOnce(bytes, parsed.order, key, options);
}

/** What a request with an Idempotency-Key makes: the first one decides the id, and those after it get the same answer. */
async function submitOnce(
  bytes: Uint8Array<ArrayBuffer>,
  order: Order,
  key: IdempotencyKey,
  options: ApiOptions,
): Promise<ApiResponse> {
  return doOnce(key, {
    resourceId: String(order.orderId),
    act(resourceId) {
      // Resumed, it has the first one's id. It was parsed before: with another id it is as good.
      const again = Number(resourceId) === order.orderId ? { order } : parseWithId(bytes, Number(resourceId));
      return 'refusal' in again ? Promise.resolve(refused(again.refusal)) : submit(again.order, options);
    },
    repeat: resourceId => accepted(Number(resourceId)),
    options,
  });
}

async function submit(order: Order, options: ApiOptions): Promise<ApiResponse> {
  const refusal = await submitOrder(order, options);
  if (!refusal) return accepted(order.orderId);
  const { status, detail, field } = refusal;
  return failure(status, detail, field === undefined ? {} : { field });
}

function accepted(orderId: number): ApiResponse {
  const headers = { location: `/orders/${orderId}`, 'retry-after': '1', 'cache-control': 'no-store' };
  return json(202, { orderId, status: 'accepted' }, headers);
}

function refused({ kind, detail, field }: Refusal): ApiResponse {
  return failure(kind === 'too-large' ? 413 : 400, detail, field === undefined ? {} : { field });
}
