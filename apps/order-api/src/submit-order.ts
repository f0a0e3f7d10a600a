import { type Order, route } from '@order-bench/orders';
import { sha256Hex } from './digest.js';
import { type OrderRecord, orderKey, readOrder } from './order-record.js';
import { type ApiOptions, OrderTooLarge } from './ports.js';

/** Why an order is not taken. */
export interface SubmitRefusal {
  readonly status: 409 | 413;
  readonly detail: string;
  readonly field?: string;
}

/** What it takes to put an order into the pipeline. */
export type SubmitOptions = Pick<ApiOptions, 'state' | 'pipeline' | 'now'>;

/**
 * Keeps that an order is accepted, then sends it: broken off anywhere and done again, it makes one order.
 *
 * @returns why it is not taken; undefined where Dapr has confirmed both steps
 * @throws DaprFailed where state or pipeline is away
 */
export async function submitOrder(order: Order, options: SubmitOptions): Promise<SubmitRefusal | undefined> {
  if (!(await keep(order, options))) {
    return { status: 409, detail: `There is an order ${order.orderId} with another content.`, field: 'orderId' };
  }
  try {
    await options.pipeline.send(order);
    return undefined;
  } catch (error) {
    if (!(error instanceof OrderTooLarge)) throw error;
    await forget(order, options);
    return { status: 413, detail: 'As a message it is larger than the queue takes.' };
  }
}

/** False where another order has its id. */
async function keep(order: Order, options: SubmitOptions): Promise<boolean> {
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

/** Nothing is accepted that can't be sent: the record goes, unless another has taken its place. */
async function forget({ orderId }: Order, options: SubmitOptions): Promise<void> {
  const kept = await readOrder(orderId, options);
  if (kept && !kept.record.written) await options.state.remove(orderKey(orderId), kept.etag);
}
