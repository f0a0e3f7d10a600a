import type { ServiceBusClient } from '@azure/service-bus';
import type { DeadLetter } from '../verify/dead-letter.js';
import { type Taken, takeLetters } from './take-letters.js';

/** Deletes dead letters of a queue for good. */
export function purge(bus: ServiceBusClient, queue: string, letters: readonly DeadLetter[]): Promise<Taken> {
  return takeLetters({
    bus,
    queue,
    wanted: letters,
    settle: (message, receiver) => receiver.completeMessage(message),
  });
}
