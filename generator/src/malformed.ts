import { faker } from '@faker-js/faker/locale/en';
import type { QueueMessage } from './order-message.js';
import { makeOrder, seedFaker } from './orders.js';

const LARGEST_ORDER_BYTES = 1_048_576;

/** A message that is no order and has to end in the dead-letter queue with its body intact. */
export interface MalformedMessage extends QueueMessage {
  /** What is wrong with it. */
  readonly kind: 'bad-json' | 'missing-delivery' | 'unknown-delivery' | 'wrong-type' | 'too-large' | 'lossy-number';
}

/**
 * Makes `count` malformed messages, `malformed-1` on, each kind in its turn; the same options give the same bytes.
 * One that is over the size limit as it stands the queue would refuse when it is sent, see {@link overSizedBody}; the
 * ones here are over it once Dapr has written their `<` as six bytes each.
 *
 * @throws RangeError when the seed is out of range.
 */
export function makeMalformed({ count, seed }: { count: number; seed: number }): MalformedMessage[] {
  seedFaker(seed);
  return Array.from({ length: count }, (_, index) => {
    const { kind, body } = SPOILERS[index % SPOILERS.length] as (typeof SPOILERS)[number];
    const order = { ...makeOrder(index + 1, 'Express') };
    return { messageId: `malformed-${index + 1}`, kind, body: body(order) };
  });
}

/** A valid order of one byte more than the 1,048,576 that a queue's message, and an order, may have. */
export function overSizedBody(): Buffer {
  const [head, tail] = ['{"orderId":1,"delivery":"Express","padding":"', '"}'];
  return Buffer.from(head + 'x'.repeat(LARGEST_ORDER_BYTES + 1 - head.length - tail.length) + tail);
}

type Order = Record<string, unknown>;

const SPOILERS: readonly { kind: MalformedMessage['kind']; body: (order: Order) => Buffer }[] = [
  { kind: 'bad-json', body: order => json(order).subarray(0, -faker.number.int({ min: 1, max: 100 })) },
  { kind: 'missing-delivery', body: ({ delivery, ...rest }) => json(rest) },
  { kind: 'unknown-delivery', body: order => json({ ...order, delivery: faker.word.adjective() }) },
  { kind: 'wrong-type', body: order => json({ ...order, orderId: String(order.orderId) }) },
  { kind: 'bad-json', body: order => Buffer.concat([json(order).subarray(0, -1), INVALID_UTF8]) },
  { kind: 'missing-delivery', body: order => json({ ...order, delivery: null }) },
  { kind: 'unknown-delivery', body: order => json({ ...order, delivery: '' }) },
  { kind: 'wrong-type', body: order => json({ ...order, items: { orderItemId: 1 } }) },
  { kind: 'bad-json', body: () => Buffer.alloc(0) },
  { kind: 'too-large', body: order => json({ ...order, padding: '<'.repeat(LARGEST_ORDER_BYTES / 5) }) },
  { kind: 'wrong-type', body: order => json([order]) },
  { kind: 'wrong-type', body: order => json({ ...order, delivery: 1 }) },
  { kind: 'wrong-type', body: order => json({ ...order, orderId: 1.5 }) },
  { kind: 'lossy-number', body: order => withNumber(order, '12345678901234567890') },
  { kind: 'lossy-number', body: order => withNumber(order, '1e-400') },
];

/** A continuation byte with nothing before it, where the order's closing brace was. */
const INVALID_UTF8 = Buffer.from([0x80, 0x7d]);

/** JSON.stringify writes no such number. */
function withNumber(order: Order, number: string): Buffer {
  return Buffer.from(`${JSON.stringify(order).slice(0, -1)},"customerNumber":${number}}`);
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
