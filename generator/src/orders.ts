import { faker } from '@faker-js/faker/locale/en';
import type { Delivery, NewOrder, OrderMessage } from './order-message.js';
import { LARGEST_SEED } from './seed.js';
import { checkPayloadBytes, resized } from './sized-order.js';

/**
 * Makes `count` orders with the ids 1 to `count`. The same options give the same bytes on every machine and at any
 * time; exactly `round(count * expressShare)` orders are Express, spread over the whole by the seed. With `payloadBytes`
 * every order has that size.
 *
 * @throws RangeError when count, seed, share or size is out of range.
 */
export function makeOrders(options: {
  count: number;
  seed: number;
  expressShare?: number;
  payloadBytes?: number | undefined;
}): OrderMessage[] {
  const { count, seed, expressShare = DEFAULT_EXPRESS_SHARE, payloadBytes } = options;
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`count must be 1 or more, not ${count}`);
  if (!(expressShare >= 0 && expressShare <= 1))
    throw new RangeError(`expressShare must be 0 to 1, not ${expressShare}`);
  if (payloadBytes !== undefined) checkPayloadBytes(payloadBytes);
  seedFaker(seed);
  let expressLeft = Math.round(count * expressShare);
  return Array.from({ length: count }, (_, index) => {
    // Each order is Express with the share still to be given out, so that the total comes out exactly.
    const isExpress = faker.number.float() * (count - index) < expressLeft;
    if (isExpress) expressLeft--;
    const drawn = makeOrder(index + 1, isExpress ? 'Express' : 'Standard');
    const order = payloadBytes === undefined ? drawn : resized(drawn, payloadBytes);
    return orderMessage(order, JSON.stringify(order));
  });
}

/** Half of the orders, unless said otherwise. */
export const DEFAULT_EXPRESS_SHARE = 0.5;

/**
 * Starts faker's random numbers at `seed`. Whoever draws from it does so in one turn of the event loop, right after
 * this call, so that nobody else can draw in between.
 *
 * @throws RangeError when the seed is not a whole number that faker tells apart from every other.
 */
export function seedFaker(seed: number): void {
  if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
    throw new RangeError(`seed must be a whole number from 0 to ${LARGEST_SEED}, not ${seed}`);
  }
  faker.seed(seed);
}

/** Draws one order from faker; {@link seedFaker} comes first. */
export function makeOrder(orderId: number, delivery: Delivery): NewOrder {
  return {
    orderId,
    orderGuid: faker.string.uuid(),
    description: faker.commerce.productDescription(),
    firstName: faker.person.firstName(),
    lastName: faker.person.lastName(),
    delivery,
    items: Array.from({ length: faker.number.int({ min: 1, max: MOST_ITEMS }) }, (_, item) => ({
      orderItemId: item + 1,
      sku: faker.helpers.fromRegExp('[A-Z]{3}-[0-9]{5}'),
      quantity: faker.number.int({ min: 1, max: 20 }),
    })),
  };
}

/** Fewer than an order may have: together with the texts it makes an order of 400 to 600 bytes on average. */
const MOST_ITEMS = 8;

/** An order with the text that is sent for it. */
export function orderMessage(order: { orderId: number; delivery: Delivery }, text: string): OrderMessage {
  const { orderId, delivery } = order;
  return { orderId, delivery, messageId: String(orderId), body: Buffer.from(text) };
}
