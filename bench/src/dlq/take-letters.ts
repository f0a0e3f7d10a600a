import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { type DeadLetter, deadLetterReceiver, sequenceNumberOf } from '../verify/dead-letters.js';

/** What to take from a dead-letter queue, and what to do with it. */
export interface TakeOptions {
  readonly bus: ServiceBusClient;
  readonly queue: string;
  /** Dead letters of the queue, as they were peeked. */
  readonly wanted: readonly DeadLetter[];
  /** Settles a dead letter; when it throws, the letter stays in the dead-letter queue. */
  settle(message: ServiceBusReceivedMessage, receiver: ServiceBusReceiver): Promise<void>;
}

/** What came of each wanted letter. */
export interface Taken {
  readonly done: readonly DeadLetter[];
  readonly left: readonly { readonly letter: DeadLetter; readonly why: string }[];
}

const BATCH = 100;
/** The client's session takes no more than 2,048 unsettled messages: beyond this many, the next link reads on. */
const HELD_PER_LINK = 1_000;
/** How long an empty queue is waited on: whoever gets nothing that long has met everything that is not locked. */
const WAIT_MS = 5_000;

/**
 * Settles the wanted letters of a dead-letter queue. Service Bus gives out no message by its number, so that all letters
 * are taken from the front on; the others are held until the wanted ones are met, and then given back. Only letters that
 * were peeked before are settled: one that comes back to the dead-letter queue meanwhile has a number of its own.
 */
export async function takeLetters({ bus, queue, wanted, settle }: TakeOptions): Promise<Taken> {
  const sought = new Map(wanted.map(letter => [letter.sequenceNumber, letter]));
  const met = new Set<string>();
  let link = new Link(bus, queue);
  const links = [link];
  const done: DeadLetter[] = [];
  const left: { letter: DeadLetter; why: string }[] = [];
  try {
    while (sought.size > 0) {
      if (link.held.length >= HELD_PER_LINK) {
        link = new Link(bus, queue);
        links.push(link);
      }
      const { held, receiver } = link;
      const messages = await receiver.receiveMessages(BATCH, { maxWaitTimeInMs: WAIT_MS });
      // One that was met before is back because its lock ran out: everything else has been given out too.
      if (messages.every(message => met.has(sequenceNumberOf(message)))) {
        held.push(...messages);
        break;
      }
      await Promise.all(
        messages.map(async message => {
          const sequenceNumber = sequenceNumberOf(message);
          met.add(sequenceNumber);
          const letter = sought.get(sequenceNumber);
          sought.delete(sequenceNumber);
          if (!letter) return held.push(message);
          try {
            await settle(message, receiver);
            return done.push(letter);
          } catch (error) {
            held.push(message);
            return left.push({ letter, why: (error as Error).message });
          }
        }),
      );
    }
  } finally {
    await Promise.all(links.map(link => link.close()));
  }
  for (const letter of sought.values()) left.push({ letter, why: 'another reader has it, or it is gone' });
  return { done, left };
}

/** A receiver and what it holds and will give back. */
class Link {
  readonly receiver: ServiceBusReceiver;
  readonly held: ServiceBusReceivedMessage[] = [];

  constructor(bus: ServiceBusClient, queue: string) {
    this.receiver = deadLetterReceiver(bus, queue);
  }

  async close(): Promise<void> {
    // A refused abandon means that the lock ran out: then the letter is back already.
    await Promise.allSettled(this.held.map(message => this.receiver.abandonMessage(message)));
    await this.receiver.close();
  }
}
