import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import Long from 'long';
import { PlaceFailed } from './place-failed.js';

/** A queue's messages, or those of its dead-letter queue, seen and removed with data rights alone. */
export interface QueueContents {
  /** The oldest messages in any state, locked ones too, without taking them; each call looks from the front. */
  peek(count: number): Promise<ServiceBusReceivedMessage[]>;
  /**
   * Removes everything: scheduled messages are cancelled, the others received and deleted.
   *
   * @throws PlaceFailed when messages are left that nobody gives out, as somebody else holds them.
   */
  empty(): Promise<void>;
  close(): Promise<void>;
}

const BATCH = 250;
/** An empty queue answers after this long. */
const WAIT_MS = 2_000;
/** Locks last 60 s: a message that stays at the front for longer is held by a receiver that renews. */
const GIVE_UP_MS = 90_000;

/** Opens a queue, or its dead-letter queue. */
export function queueContents(bus: ServiceBusClient, queue: string, kind: 'live' | 'dead' = 'live'): QueueContents {
  const options = kind === 'dead' ? { subQueueType: 'deadLetter' as const } : {};
  const receiver = bus.createReceiver(queue, {
    ...options,
    receiveMode: 'receiveAndDelete',
    skipParsingBodyAsJson: true,
  });
  const sender = kind === 'live' ? bus.createSender(queue) : undefined;
  const peek = (count: number) => receiver.peekMessages(count, { fromSequenceNumber: Long.ONE });
  return {
    peek,
    async empty() {
      let first = '';
      let giveUpAtMs = 0;
      for (;;) {
        const messages = await peek(BATCH);
        const [front] = messages;
        if (!front) return;
        // However many there are, it goes on as long as the front does.
        if (String(front.sequenceNumber) !== first) {
          first = String(front.sequenceNumber);
          giveUpAtMs = performance.now() + GIVE_UP_MS;
        }
        if (performance.now() > giveUpAtMs) {
          throw new PlaceFailed(
            `${queue} keeps messages that can't be taken, the first is ${front.messageId}: another receiver holds them; stop it`,
          );
        }
        const scheduled = messages.flatMap(({ state, sequenceNumber }) =>
          state === 'scheduled' && sequenceNumber ? [sequenceNumber] : [],
        );
        if (sender && scheduled.length > 0) await sender.cancelScheduledMessages(scheduled);
        if (scheduled.length < messages.length) await take(receiver);
      }
    },
    async close() {
      await Promise.all([receiver.close(), sender?.close()]);
    },
  };
}

async function take(receiver: ServiceBusReceiver): Promise<void> {
  await receiver.receiveMessages(BATCH, { maxWaitTimeInMs: WAIT_MS });
}
