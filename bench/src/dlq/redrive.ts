import type { ServiceBusClient, ServiceBusMessage, ServiceBusReceivedMessage } from '@azure/service-bus';
import { type DeadLetter, ownProperties } from '../verify/dead-letters.js';
import { sentTo } from '../workload/kept.js';
import { type Taken, takeLetters } from './take-letters.js';

/**
 * Sends dead letters of a queue back to it, each with the body, the message id and the properties that it had, and takes
 * each out of the dead-letter queue once Service Bus has confirmed the send. When it breaks off in between, a message
 * is twice there, never lost. An event goes to its topic, and so to every subscriber: all of them know one that they had before.
 */
export async function redrive(bus: ServiceBusClient, queue: string, letters: readonly DeadLetter[]): Promise<Taken> {
  const sender = bus.createSender(sentTo(queue));
  try {
    return await takeLetters({
      bus,
      queue,
      wanted: letters,
      settle: async (message, receiver) => {
        await sender.sendMessages(asSent(message));
        await receiver.completeMessage(message).catch((cause: unknown) => {
          const why = `it was sent, but stays here too (${(cause as Error).message})`;
          throw new Error(`${why}: purge it by its message id`, { cause });
        });
      },
    });
  } finally {
    await sender.close();
  }
}

/** The message as its first sender sent it, but due at once. */
function asSent(message: ServiceBusReceivedMessage): ServiceBusMessage {
  const { scheduledEnqueueTimeUtc, ...rest } = message;
  // What the client read of the message goes along, for it says whether its body is bytes or AMQP values.
  return { ...rest, applicationProperties: ownProperties(message) };
}

/** Deletes dead letters of a queue for good. */
export function purge(bus: ServiceBusClient, queue: string, letters: readonly DeadLetter[]): Promise<Taken> {
  return takeLetters({
    bus,
    queue,
    wanted: letters,
    settle: (message, receiver) => receiver.completeMessage(message),
  });
}
