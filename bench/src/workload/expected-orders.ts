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
  return createHash('md5').update(goJson(order.body.toString())).digest('base64');
}

/**
 * Whether a blob holds the same values as the order, however they are written. Numbers are compared by their digits, for
 * two that a double cannot tell apart may differ, and `-0` is not `0`.
 */
export function holdsOrder(blob: Buffer, order: ExpectedOrder): boolean {
  let stored: string;
  try {
    stored = goJson(blob.toString());
  } catch {
    // Not JSON at all, so not this order.
    return false;
  }
  return stored === goJson(order.body.toString());
}
