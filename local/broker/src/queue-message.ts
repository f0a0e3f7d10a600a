import type { Encodable } from './encode-value.js';
import type { HeapNode } from './heap.js';

/** What a message carries, opaque to the queue model. */
export interface MessageContent {
  readonly messageId: string;
  readonly sizeBytes: number;
  /** Milliseconds; absent: the queue's default decides. */
  readonly timeToLiveMs?: number;
  /** When the sender wants it enqueued, milliseconds since the epoch; absent: at once. */
  readonly scheduledAtMs?: number;
  /** The same content with application properties set, the others kept. */
  withApplicationProperties(properties: ApplicationProperties): MessageContent;
  /** The message as one consumer gets it, with the token of the lock that it has on it. */
  encode(message: QueueMessage, lockToken?: Buffer): Buffer;
}

/** Application properties by name. */
export type ApplicationProperties = Readonly<Record<string, Encodable>>;

/** Where a live message stands. */
export type MessageState = 'active' | 'scheduled' | 'locked' | 'deferred';

/** A live message of a queue. Only the queue changes it. */
export interface QueueMessage {
  content: MessageContent;
  sequenceNumber: number;
  state: MessageState;
  /** A message that was deferred stays deferred through later locks, until it is settled. */
  wasDeferred: boolean;
  /** A message that was sent for a time to come; the service says so of it for good. */
  readonly wasScheduled: boolean;
  /** Deliveries that ended without settlement: abandoned, deferred or lock expired. */
  deliveryCount: number;
  /** Milliseconds since the epoch, as are the others. */
  enqueuedAtMs: number;
  readonly scheduledAtMs?: number;
  expiresAtMs?: number;
  firstDeliveredAtMs?: number;
  lockedUntilMs?: number;
  /** Its place among the available or the scheduled ones. */
  place?: HeapNode<QueueMessage>;
  /** Its place among those that will expire. */
  expiry?: HeapNode<QueueMessage>;
}

/** One consumer's hold on a message until it is settled or runs out. */
export interface Lock {
  /** 16 random bytes in the order of the wire's UUID. */
  readonly token: Buffer;
  readonly message: QueueMessage;
  /** Its place among the locks that will run out; gone once the lock is. */
  expiry?: HeapNode<Lock>;
}

/** How a message left its queue. */
export type MessageOutcome = 'completed' | 'receivedAndDeleted' | 'deadLettered' | 'expired' | 'cancelled';

/** What is kept about a message: live, or after it left. Times are milliseconds since the epoch. */
export interface MessageRecord {
  readonly messageId: string;
  readonly sequenceNumber: number;
  readonly state: MessageState | 'settled';
  readonly enqueuedAtMs: number;
  readonly scheduledAtMs?: number;
  readonly firstDeliveredAtMs?: number;
  readonly settledAtMs?: number;
  readonly deliveryCount: number;
  readonly outcome?: MessageOutcome;
}

/** What is kept about a message as it stands. */
export function recordOf(message: QueueMessage): MessageRecord {
  return {
    messageId: message.content.messageId,
    sequenceNumber: message.sequenceNumber,
    state: message.state,
    enqueuedAtMs: message.enqueuedAtMs,
    ...(message.scheduledAtMs === undefined ? {} : { scheduledAtMs: message.scheduledAtMs }),
    ...(message.firstDeliveredAtMs === undefined ? {} : { firstDeliveredAtMs: message.firstDeliveredAtMs }),
    deliveryCount: message.deliveryCount,
  };
}
