import type { ServiceBusMessage } from '@azure/service-bus';
import type { QueueMessage } from './order-message.js';

/** All messages at one time, or message i at start + i / rate. */
export type Arrival = { readonly kind: 'burst' } | { readonly kind: 'constant'; readonly ratePerSecond: number };

/** Messages that are scheduled for one time in one request. */
export interface Batch {
  readonly atMs: number;
  readonly messages: ServiceBusMessage[];
}

/**
 * Puts messages into as few requests as their times and the link's largest message allow.
 *
 * @throws RangeError when a message fits in no request, or the rate is not above 0.
 */
export function makeBatches(options: {
  orders: readonly QueueMessage[];
  atMs: number;
  arrival: Arrival;
  maxSizeBytes: number;
}): Batch[] {
  const { orders, atMs, arrival } = options;
  if (arrival.kind === 'constant' && !(arrival.ratePerSecond > 0)) {
    throw new RangeError(`the rate must be above 0 messages a second, not ${arrival.ratePerSecond}`);
  }
  const roomBytes = Math.min(options.maxSizeBytes, LARGEST_REQUEST_BYTES) - REQUEST_BYTES;
  const batches: Batch[] = [];
  let filledBytes = 0;
  for (const [index, { messageId, body }] of orders.entries()) {
    const sizeBytes = body.length + ENTRY_BYTES + 2 * Buffer.byteLength(messageId);
    if (sizeBytes > roomBytes) {
      throw new RangeError(
        `message ${messageId} has ${body.length} bytes: with its envelope it is over the link's limit`,
      );
    }
    const afterMs = arrival.kind === 'burst' ? 0 : Math.ceil((index * 1000) / arrival.ratePerSecond);
    let batch = batches.at(-1);
    filledBytes += sizeBytes;
    if (batch?.atMs !== atMs + afterMs || filledBytes > roomBytes) {
      batch = { atMs: atMs + afterMs, messages: [] };
      batches.push(batch);
      filledBytes = sizeBytes;
    }
    batch.messages.push({ body, messageId, contentType: 'application/json' });
  }
  return batches;
}

/** Premium links that take larger messages still take no larger batches. */
const LARGEST_REQUEST_BYTES = 1_048_576;

/** What the request around the messages takes at most: operation, link names and ids (measured: 344). */
const REQUEST_BYTES = 2048;

/** What a message takes besides its body and twice its id: sections, map keys, times (measured: 137 to 146). */
const ENTRY_BYTES = 160;
