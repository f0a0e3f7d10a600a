import { MessageTooLarge } from './errors.js';

/** Largest message, batch or request that the broker takes, bytes: 1 MiB, the order's limit as well. */
export const MAX_MESSAGE_SIZE_BYTES = 1024 ** 2;

/**
 * Refuses what is larger than a link allows. Service Bus leaves a scheduling request over its limit without an answer
 * until the client's time runs out; here it is refused at once.
 *
 * @throws MessageTooLarge
 */
export function checkMessageSize(address: string, sizeBytes: number): void {
  if (sizeBytes > MAX_MESSAGE_SIZE_BYTES) throw new MessageTooLarge(address, sizeBytes, MAX_MESSAGE_SIZE_BYTES);
}
