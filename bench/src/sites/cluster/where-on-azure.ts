import type { ServiceBusClient } from '@azure/service-bus';
import { missingText } from '../../verify/correctness.js';
import { deadLettersOf } from '../../verify/dead-letters.js';
import type { ExpectedOrder } from '../../workload/expected-orders.js';
import { QUEUES } from '../../workload/pipeline.js';
import { queueContents } from './queue-contents.js';

const PEEKED = 250;

/**
 * Names the first missing orders and what holds them: the front of a queue or a dead-letter queue. Service Bus keeps no
 * record of what it gave out, so that nothing is known of the others. Closes the client.
 */
export async function whereOnAzure(bus: ServiceBusClient, missing: readonly ExpectedOrder[]): Promise<string> {
  const places = new Map<string, string>();
  try {
    for (const queue of QUEUES) {
      const contents = queueContents(bus, queue);
      for (const { messageId, state, deliveryCount = 0 } of await contents.peek(PEEKED)) {
        places.set(String(messageId), `${queue}: ${state}, delivered ${deliveryCount} times`);
      }
      await contents.close();
      for (const { messageId, reason, deliveryCount } of await deadLettersOf(bus, queue)) {
        places.set(messageId, `${queue}: dead-lettered (${reason}), delivered ${deliveryCount} times`);
      }
    }
  } finally {
    await bus.close();
  }
  return missingText(missing, places, 'at no queue’s front');
}
