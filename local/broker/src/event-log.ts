import type { MessageOutcome } from './queue-message.js';

/** How a lock ended: by its consumer's decision, by its time, or broken by a fault. */
export type LockEnding = 'completed' | 'abandoned' | 'released' | 'deferred' | 'rejected' | 'expired' | 'broken';

/** What happened to a message. Lock tokens are in hex; times are milliseconds since the epoch. */
export type EventOf =
  | { readonly kind: 'scheduled' }
  /** Open to consumers from now on; `scheduledAs` is the number that it had as a scheduled message. */
  | { readonly kind: 'enqueued'; readonly scheduledAs?: number }
  | { readonly kind: 'locked' | 'renewed'; readonly lockToken: string; readonly untilMs: number }
  | { readonly kind: 'unlocked'; readonly lockToken: string; readonly by: LockEnding }
  | { readonly kind: 'left'; readonly outcome: MessageOutcome | 'purged' };

/** One line of a broker's event log. A sequence number is unique in its queue, a message id need not be. */
export type QueueEvent = EventOf & {
  readonly atMs: number;
  readonly queue: string;
  readonly messageId: string;
  readonly sequenceNumber: number;
};
