import { type Parsed, parseOrder } from '@order-bench/orders';

/** Random bits below those of the time: two orders of one millisecond are alike once in 4,096 times, and then the second is refused. */
const RANDOM_BITS = 12;

/**
 * A new order's id: 41 bits of the milliseconds since 1970 and 12 random ones, which a double holds exactly until 2039. Later
 * orders have larger ones.
 */
export function newOrderId(nowMs: number): number {
  const [random = 0] = crypto.getRandomValues(new Uint16Array(1));
  return nowMs * 2 ** RANDOM_BITS + (random % 2 ** RANDOM_BITS);
}

/**
 * The text of an order with an id in front of what it has: the rest stays as it was sent, to the letter.
 *
 * @param text a JSON object without a key `orderId`.
 */
export function withOrderId(text: string, orderId: number): string {
  const open = text.indexOf('{') + 1;
  const rest = text.slice(open);
  return `${text.slice(0, open)}"orderId":${orderId}${/^\s*\}/.test(rest) ? '' : ','}${rest}`;
}

/** Reads an order, and gives it an id where it brings none. */
export function parseWithId(bytes: Uint8Array<ArrayBuffer>, newId: number): Parsed {
  const parsed = parseOrder(bytes);
  if (!('refusal' in parsed) || parsed.refusal.field !== 'orderId') return parsed;
  // Its id is at fault: it is then a JSON object in UTF-8.
  const text = new TextDecoder().decode(bytes);
  return 'orderId' in JSON.parse(text) ? parsed : parseOrder(new TextEncoder().encode(withOrderId(text, newId)));
}
