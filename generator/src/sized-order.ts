import { faker } from '@faker-js/faker/locale/en';
import type { NewOrder } from './order-message.js';

/**
 * The sizes that an order can be made with: from one item and a short description to nearly what a hundred items and a
 * description of 1,000 characters, the most that an order may have, make.
 */
export const PAYLOAD_BYTES = { least: 300, most: 6_000 } as const;
const MOST_ITEMS = 100;
/** The most that an order takes without items and description, and that each item adds. */
const FRAME_BYTES = 200;
const ITEM_BYTES = 53;
/** Of faker's Latin, with the space after it. */
const SHORTEST_WORD = 3;

/** @throws RangeError for a size that orders can't have within their rules. */
export function checkPayloadBytes(sizeBytes: number): void {
  const { least, most } = PAYLOAD_BYTES;
  if (!Number.isInteger(sizeBytes) || sizeBytes < least || sizeBytes > most) {
    throw new RangeError(`payloadBytes must be a whole number from ${least} to ${most}, not ${sizeBytes}`);
  }
}

/**
 * The order with other items and another description, drawn from faker, so that its JSON has exactly this many bytes: as
 * many items as surely fit, and a description that fills what is left.
 */
export function resized(order: NewOrder, sizeBytes: number): NewOrder {
  const bare = {
    ...order,
    description: '',
    items: Array.from({ length: Math.min(MOST_ITEMS, Math.floor((sizeBytes - FRAME_BYTES) / ITEM_BYTES)) }, drawItem),
  };
  const leftBytes = sizeBytes - Buffer.byteLength(JSON.stringify(bare));
  const words = faker.lorem.words(Math.ceil(leftBytes / SHORTEST_WORD) + 1);
  return { ...bare, description: words.slice(0, leftBytes) };
}

function drawItem(_: unknown, index: number): NewOrder['items'][number] {
  return {
    orderItemId: index + 1,
    sku: faker.helpers.fromRegExp('[A-Z]{3}-[0-9]{5}'),
    quantity: faker.number.int({ min: 1, max: 20 }),
  };
}
