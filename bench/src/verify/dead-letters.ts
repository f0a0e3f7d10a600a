import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { isKept } from '../workload/kept.js';

/** A message that nobody could take: in the dead-letter queue of a queue or subscription, or kept in a subscription of its own. */
export interface DeadLetter {
  /** A subscription as Service Bus addresses it: `<topic>/Subscriptions/<name>`. */
  readonly queue: string;
  /** Unique within its queue; decimal digits, for it may exceed what a number holds. */
  readonly sequenceNumber: string;
  readonly messageId: string;
  /** Why it is here; empty where whoever dead-lettered it gave none. */
  readonly reason: string;
  readonly description: string;
  /** When it came to its queue; null where the namespace does not say. */
  readonly enqueuedAt: Date | null;
  /** Deliveries so far, those that were not completed. */
  readonly deliveryCount: number;
  readonly contentType: string;
  /** Without the reason and the description. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

const PAGE = 100;

/**
 * Reads all dead letters of a queue or subscription without taking them, the oldest first.
 *
 * @param bus one that has not peeked into this queue before: a client remembers how far it has peeked, for all of its
 *   receivers, and goes on from there.
 */
export async function deadLettersOf(bus: ServiceBusClient, queue: string): Promise<DeadLetter[]> {
  const receiver = deadLetterReceiver(bus, queue);
  try {
    const letters: DeadLetter[] = [];
    for (;;) {
      const page = await receiver.peekMessages(PAGE);
      if (page.length === 0) return letters;
      letters.push(...page.map(message => deadLetter(queue, message)));
    }
  } finally {
    await receiver.close();
  }
}

/** Receives the dead letters of a queue or subscription. */
export function deadLetterReceiver(bus: ServiceBusClient, queue: string): ServiceBusReceiver {
  return bus.createReceiver(queue, {
    // What is kept are ordinary messages of a subscription that nobody reads.
    ...(isKept(queue) ? {} : { subQueueType: 'deadLetter' }),
    skipParsingBodyAsJson: true,
  });
}

/** The sequence number of a message that a queue has given out. */
export function sequenceNumberOf({ sequenceNumber }: ServiceBusReceivedMessage): string {
  return String(sequenceNumber);
}

/** A message's own properties, without those that dead-lettering adds (reason and description). */
export function ownProperties({ applicationProperties = {} }: ServiceBusReceivedMessage) {
  const { DeadLetterReason, DeadLetterErrorDescription, ...own } = applicationProperties;
  return own;
}

function deadLetter(queue: string, message: ServiceBusReceivedMessage): DeadLetter {
  return {
    queue,
    sequenceNumber: sequenceNumberOf(message),
    messageId: String(message.messageId ?? ''),
    reason: message.deadLetterReason ?? '',
    description: message.deadLetterErrorDescription ?? '',
    enqueuedAt: message.enqueuedTimeUtc ?? null,
    deliveryCount: message.deliveryCount ?? 0,
    contentType: message.contentType ?? '',
    properties: ownProperties(message),
    body: bytesOf(message.body),
  };
}

/** A body of bytes as it is. One of AMQP values, which neither daprd nor the generator sends, as text or JSON. */
function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? null));
}

/** Reads all dead letters of a pipeline without taking them, over a connection of its own. */
export async function peekDeadLetters(
  connectBus: () => ServiceBusClient,
  boxes: readonly string[],
): Promise<DeadLetter[]> {
  const bus = connectBus();
  try {
    const perQueue = await Promise.all(boxes.map(queue => deadLettersOf(bus, queue)));
    return perQueue.flat();
  } finally {
    await bus.close();
  }
}
