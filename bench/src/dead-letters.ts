import { ServiceBusClient } from '@azure/service-bus';
import { type DeadLetter as FullDeadLetter, peekDeadLetters as peekQueue } from './dlq/dead-letter.js';

/** What a run's verdict takes from a message in a dead-letter queue. */
export type DeadLetter = Pick<FullDeadLetter, 'messageId' | 'reason' | 'description' | 'body'>;

/** Reads all dead letters of the queues without taking them. */
export async function peekDeadLetters(connectionString: string, queues: readonly string[]): Promise<DeadLetter[]> {
  const bus = new ServiceBusClient(connectionString);
  try {
    const perQueue = await Promise.all(queues.map(queue => peekQueue(bus, queue)));
    return perQueue.flat();
  } finally {
    await bus.close();
  }
}
