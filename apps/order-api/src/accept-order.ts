import { MAX_ORDER_BYTES, type Order, type Parsed, parseOrder, type Refusal, route } from '@order-bench/orders';
import { sha256Hex } from './digest.js';
import { type ApiRequest, type ApiResponse, failure, json } from './http.js';
import {
  decideIdempotency,
  type IdempotencyKey,
  type IdempotencyRecord,
  idempotencyKey,
  readIdempotencyKey,
} from './idempotency.js';
import { newOrderId, withOrderId } from './order-id.js';
import { type OrderRecord, orderKey, readOrder } from './order-record.js';
import { type ApiOptions, OrderTooLarge } from './ports.js';

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
  return submitOnce({ bytes, order: parsed.order, key }, options);
}

interface Keyed {
  /** As they came: the order without an id that was given to it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly order: Order;
  readonly key: IdempotencyKey;
}

/** By an Idempotency-Key: the first request decides the id, and those after it get the same answer. */
async function submitOnce({ bytes, order, key }: Keyed, options: ApiOptions): Promise<ApiResponse> {
  const { state, now } = options;
  const stateKey = `idem-${key.id}`;
  const begun: IdempotencyRecord = {
    fingerprint: key.fingerprint,
    resourceId: String(order.orderId),
    state: 'in-progress',
    startedAtMs: now(),
  };
  const isFirst = await state.create(stateKey, begun);
  const kept = isFirst ? undefined : ((await state.get(stateKey))?.value as IdempotencyRecord | undefined);
  const decision = decideIdempotency(kept, key, now());
  switch (decision.kind) {
    case 'reused':
      return failure(422, 'This Idempotency-Key stands for another request: use a new one.', {
        field: 'Idempotency-Key',
      });
    case 'in-progress':
      return failure(409, 'The first request with this Idempotency-Key is still being done.', {
        field: 'Idempotency-Key',
        headers: { 'retry-after': '1' },
      });
    case 'repeat':
      return accepted(Number(decision.resourceId));
    case 'begin':
      return submitAndKeep(order, stateKey, begun, options);
    case 'resume': {
      // It was parsed before: with another id it is as good.
      const again = parseWithId(bytes, Number(decision.resourceId));
      if ('refusal' in again) return refused(again.refusal);
      return submitAndKeep(again.order, stateKey, { ...begun, resourceId: decision.resourceId }, options);
    }
  }
}

async function submitAndKeep(
  order: Order,
  stateKey: string,
  record: IdempotencyRecord,
  options: ApiOptions,
): Promise<ApiResponse> {
  const { state } = options;
  const answer = await submit(order, options);
  if (answer.status !== ACCEPTED) return answer;
  const stored = await state.get(stateKey);
  // Where somebody resumed it meanwhile, the record says the same.
  if (stored) await state.replace(stateKey, { ...record, state: 'done' }, stored.etag);
  return answer;
}

const ACCEPTED = 202;

/** Keeps that the order is accepted, then sends it. */
async function submit(order: Order, options: ApiOptions): Promise<ApiResponse> {
  if (!(await keep(order, options))) {
    return failure(409, `There is an order ${order.orderId} with another content.`, { field: 'orderId' });
  }
  try {
    await options.pipeline.send(order);
  } catch (error) {
    if (!(error instanceof OrderTooLarge)) throw error;
    await forget(order, options);
    return failure(413, 'As a message it is larger than the queue takes.');
  }
  return accepted(order.orderId);
}

/** Nothing is accepted that can't be sent: the record goes, unless another has taken its place. */
async function forget({ orderId }: Order, options: ApiOptions): Promise<void> {
  const kept = await readOrder(orderId, options);
  if (kept && !kept.record.written) await options.state.remove(orderKey(orderId), kept.etag);
}

function accepted(orderId: number): ApiResponse {
  const headers = { location: `/orders/${orderId}`, 'retry-after': '1', 'cache-control': 'no-store' };
  return json(ACCEPTED, { orderId, status: 'accepted' }, headers);
}

function refused({ kind, detail, field }: Refusal): ApiResponse {
  return failure(kind === 'too-large' ? 413 : 400, detail, field === undefined ? {} : { field });
}

/** False where another order has its id. */
async function keep(order: Order, options: ApiOptions): Promise<boolean> {
  const { state, now } = options;
  const record: OrderRecord = {
    orderId: order.orderId,
    digest: await sha256Hex(order.text),
    route: route(order),
    acceptedAt: new Date(now()).toISOString(),
  };
  if (await state.create(orderKey(order.orderId), record)) return true;
  return (await readOrder(order.orderId, options))?.record.digest === record.digest;
}

/** An order, with a new id where it brings none. */
function parseWithId(bytes: Uint8Array<ArrayBuffer>, newId: number): Parsed {
  const parsed = parseOrder(bytes);
  if (!('refusal' in parsed) || parsed.refusal.field !== 'orderId') return parsed;
  // Its id is at fault: it is then a JSON object in UTF-8.
  const text = new TextDecoder().decode(bytes);
  return 'orderId' in JSON.parse(text) ? parsed : parseOrder(new TextEncoder().encode(withOrderId(text, newId)));
}

function mediaTypeOf(request: ApiRequest): string {
  return (request.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
