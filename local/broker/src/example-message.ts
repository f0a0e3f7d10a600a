import rhea from 'rhea';
import type { EncodedMessage } from './encoded-message.js';
import type { QueueMessage } from './queue-message.js';

/** For tests: a message as a queue holds it, locked for the first time. */
export function exampleMessage(content: EncodedMessage, more: Partial<QueueMessage> = {}): QueueMessage {
  return {
    content,
    sequenceNumber: 1,
    state: 'locked',
    wasDeferred: false,
    wasScheduled: false,
    deliveryCount: 0,
    enqueuedAtMs: 0,
    ...more,
  };
}

/** For tests: a message as another implementation reads it. */
export function decodedByRhea(encoded: Buffer): ReturnType<typeof rhea.message.decode> {
  return rhea.message.decode(encoded);
}
