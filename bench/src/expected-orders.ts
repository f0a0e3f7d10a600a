import { createHash } from 'node:crypto';
import { goJson } from './go-json.js';

/** One order that was sent: its identity, its bytes, and the container that its blob belongs in. */
export interface ExpectedOrder {
  readonly orderId: string;
  readonly body: Buffer;
  readonly container: string;
}

/** Content-MD5 (base64) of an order's blob as Dapr writes it. */
export function contentMd5(order: ExpectedOrder): string {
  return createHash('md5')
    .update(goJson(JSON.parse(order.body.toString())))
    .digest('base64');
}

/**
 * Whether a blob holds the same values as the order, however they are written. `-0` and `0` are the same value: a client
 * that parses and writes JSON in JavaScript loses the sign before Dapr sees it.
 */
export function holdsOrder(blob: Buffer, order: ExpectedOrder): boolean {
  let stored: unknown;
  try {
    stored = JSON.parse(blob.toString());
  } catch {
    // Not JSON at all, so not this order.
    return false;
  }
  return sameValues(stored, JSON.parse(order.body.toString()));
}

function sameValues(a: unknown, b: unknown): boolean {
  const withoutNegativeZero = (value: unknown) => goJson(JSON.parse(JSON.stringify(value)));
  return withoutNegativeZero(a) === withoutNegativeZero(b);
}
