import { isServiceBusError, type ServiceBusSender } from '@azure/service-bus';
import { type Arrival, type Batch, makeBatches } from './batches.js';
import { INGRESS_QUEUE, type QueueMessage } from './order-message.js';
import { SchedulingStopped, TooLate } from './scheduling-stopped.js';

/** The part of a ServiceBusSender that scheduling takes. */
export type SchedulingSender = Pick<
  ServiceBusSender,
  'entityPath' | 'createMessageBatch' | 'scheduleMessages' | 'cancelScheduledMessages'
>;

/** What {@link scheduleOrders} takes. */
export interface ScheduleOptions {
  readonly sender: SchedulingSender;
  readonly orders: readonly QueueMessage[];
  /** The time of the first message, in milliseconds since the epoch. */
  readonly atMs: number;
  /** `burst` by default. */
  readonly arrival?: Arrival;
  /** Called with the number of messages that the queue has confirmed, after each batch. */
  readonly onProgress?: (scheduled: number) => void;
  /** Stops scheduling and cancels what was scheduled. */
  readonly signal?: AbortSignal;
  /** Milliseconds since the epoch; the system's clock by default. */
  readonly now?: () => number;
}

/** What was scheduled. */
export interface Schedule {
  readonly scheduledEnqueueTimeMs: number;
  /** From the call to the queue's last confirmation. */
  readonly durationMs: number;
  /** From the last confirmation to the first message's time. */
  readonly leadMs: number;
  readonly batches: number;
  /** What the queue calls the messages until their time, to cancel them by; in no particular order. */
  readonly sequenceNumbers: SequenceNumbers;
}

/** As the service's client has them: 64-bit integers. */
export type SequenceNumbers = Awaited<ReturnType<ServiceBusSender['scheduleMessages']>>;

/**
 * Schedules messages in batches as large as the link allows, several in flight, and waits for each to be confirmed.
 * A paced arrival needs a batch for each millisecond, for a batch has one time; a message is never before its time
 * and at most a millisecond after it.
 *
 * @throws TooLate when messages are left and there is just time to cancel the others, or when the time has passed.
 * @throws SchedulingStopped with the cause when the queue refuses a batch or `signal` fires.
 * @throws Error when the queue cannot be reached, RangeError when a message fits in no request.
 */
export async function scheduleOrders(options: ScheduleOptions): Promise<Schedule> {
  const { sender, orders, atMs, arrival = { kind: 'burst' }, now = Date.now } = options;
  const startedAtMs = now();
  const batches = makeBatches({ orders, atMs, arrival, maxSizeBytes: await largestMessageBytes(sender) });
  const { sequenceNumbers, stoppedBy } = await send(batches, options);
  const finishedAtMs = now();
  if (stoppedBy !== undefined || finishedAtMs >= atMs) {
    const { cancelled, failure } = await cancel(sender, sequenceNumbers);
    const scheduled = sequenceNumbers.length;
    if (stoppedBy === undefined || stoppedBy === OUT_OF_TIME) {
      const time = new Date(atMs).toISOString();
      const reason = `${scheduled} of ${orders.length} messages were scheduled when their time, ${time}, came too near`;
      throw new TooLate({ reason, scheduled, cancelled, cause: failure });
    }
    const reason = stoppedBy instanceof Error ? stoppedBy.message : String(stoppedBy);
    throw new SchedulingStopped({ reason, scheduled, cancelled, cause: stoppedBy });
  }
  return {
    scheduledEnqueueTimeMs: atMs,
    durationMs: finishedAtMs - startedAtMs,
    leadMs: atMs - finishedAtMs,
    batches: batches.length,
    sequenceNumbers,
  };
}

/** Bounds the memory in flight (a batch is at most 1 MiB) and yet hides the way to the queue and back. */
const MOST_IN_FLIGHT = 8;

/** A message can be cancelled only before its time, so that much of it is kept for cancelling. */
const CANCEL_RESERVE_MS = 500;

const OUT_OF_TIME = Symbol('out of time');

async function largestMessageBytes(sender: SchedulingSender): Promise<number> {
  try {
    return (await sender.createMessageBatch()).maxSizeInBytes;
  } catch (cause) {
    if (isServiceBusError(cause) && cause.code === 'MessagingEntityNotFound') {
      throw new Error(
        `there is no queue or topic ${sender.entityPath} in this namespace: orders go to ${INGRESS_QUEUE} where --queue is left out`,
        { cause },
      );
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot open a link to ${sender.entityPath}: ${reason}; check the connection string`, {
      cause,
    });
  }
}

/** Sends batch after batch until all are confirmed or there is a reason to stop; never leaves a send behind. */
async function send(
  batches: readonly Batch[],
  { sender, atMs, onProgress, signal, now = Date.now }: ScheduleOptions,
): Promise<{ sequenceNumbers: SequenceNumbers; stoppedBy: unknown }> {
  const sequenceNumbers: SequenceNumbers = [];
  const waiting = batches.values();
  let stoppedBy: unknown;

  const sendNext = async () => {
    for (const batch of waiting) {
      if (signal?.aborted) stoppedBy ??= signal.reason;
      if (now() >= atMs - CANCEL_RESERVE_MS) stoppedBy ??= OUT_OF_TIME;
      if (stoppedBy !== undefined) return;
      try {
        for (const number of await sender.scheduleMessages(batch.messages, new Date(batch.atMs))) {
          sequenceNumbers.push(number);
        }
        onProgress?.(sequenceNumbers.length);
      } catch (cause) {
        stoppedBy ??= cause;
      }
    }
  };
  await Promise.all(Array.from({ length: MOST_IN_FLIGHT }, sendNext));
  return { sequenceNumbers, stoppedBy };
}

/** Takes back what it can: the queue refuses a whole request when the time of one of its messages has come. */
async function cancel(
  sender: SchedulingSender,
  sequenceNumbers: SequenceNumbers,
): Promise<{ cancelled: number; failure?: unknown }> {
  let cancelled = 0;
  let failure: unknown;
  for (let start = 0; start < sequenceNumbers.length; start += NUMBERS_IN_A_CANCEL) {
    const some = sequenceNumbers.slice(start, start + NUMBERS_IN_A_CANCEL);
    try {
      await sender.cancelScheduledMessages(some);
      cancelled += some.length;
    } catch (cause) {
      failure ??= cause;
    }
  }
  return { cancelled, failure };
}

const NUMBERS_IN_A_CANCEL = 2000;
