import type { ServiceBusClient } from '@azure/service-bus';
import { QUEUES } from '../workload/pipeline.js';
import { type DeadLetter as FullDeadLetter, peekDeadLetters as peekQueue } from './dead-letter.js';

/** What a run's verdict takes from a message in a dead-letter queue. */
export type DeadLetter = Pick<FullDeadLetter, 'messageId' | 'reason' | 'description' | 'body'>;

/** Reads all dead letters of the pipeline's queues without taking them, over a connection of its own. */
export async function peekDeadLetters(connectBus: () => ServiceBusClient): Promise<DeadLetter[]> {
  const bus = connectBus();
  try {
    const perQueue = await Promise.all(QUEUES.map(queue => peekQueue(bus, queue)));
    return perQueue.flat();
  } finally {
    await bus.close();
  }
}
