import type {
  ServiceBusClient,
  ServiceBusMessage,
  ServiceBusMessageBatch,
  ServiceBusReceivedMessage,
  ServiceBusReceiver,
  ServiceBusSender,
} from '@azure/service-bus';
import type { Schedule } from '@order-bench/generator';

/** A message in the dead-letter queue of one of the queues. */
export interface FakeDeadLetter {
  readonly queue: string;
  readonly messageId: string;
  readonly body: Buffer;
}

/** What a fake client's calls come to. */
export interface FakeBusOptions {
  /** Returns as the queue confirms. */
  readonly schedule: (messages: readonly ServiceBusMessage[], atMs: number) => Promise<void>;
  readonly deadLetters: () => readonly FakeDeadLetter[];
}

/** A made-up client that can do what a run asks of one: schedule messages, and peek at dead letters. For tests. */
export function fakeBus({ schedule, deadLetters }: FakeBusOptions): ServiceBusClient {
  const sender = {
    createMessageBatch: async () => ({ maxSizeInBytes: 1_048_576 }) as ServiceBusMessageBatch,
    async scheduleMessages(messages: ServiceBusMessage[], at: Date) {
      await schedule(messages, at.getTime());
      return messages.map((_, index) => ({ toString: () => `${index}` }) as Schedule['sequenceNumbers'][number]);
    },
  } as ServiceBusSender;
  const createReceiver = (queue: string) => {
    const left = deadLetters().filter(letter => letter.queue === queue);
    return {
      peekMessages: async (count: number) =>
        left.splice(0, count).map(({ messageId, body }) => ({ messageId, body }) as ServiceBusReceivedMessage),
      close: async () => {},
    } as ServiceBusReceiver;
  };
  return { createSender: (_queue: string) => sender, createReceiver, close: async () => {} } as ServiceBusClient;
}
