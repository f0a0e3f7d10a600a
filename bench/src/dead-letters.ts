import { ServiceBusClient } from '@azure/service-bus';

/** A message in a dead-letter queue. */
export interface DeadLetter {
  readonly messageId: string;
  readonly body: Buffer;
}

const PAGE = 100;

/** Reads all dead letters of the queues without taking them. */
export async function peekDeadLetters(connectionString: string, queues: readonly string[]): Promise<DeadLetter[]> {
  const client = new ServiceBusClient(connectionString);
  try {
    const perQueue = await Promise.all(queues.map(queue => peekQueue(client, queue)));
    return perQueue.flat();
  } finally {
    await client.close();
  }
}

async function peekQueue(client: ServiceBusClient, queue: string): Promise<DeadLetter[]> {
  const receiver = client.createReceiver(queue, { subQueueType: 'deadLetter', skipParsingBodyAsJson: true });
  const letters: DeadLetter[] = [];
  for (;;) {
    // A receiver goes on where its last peek ended.
    const page = await receiver.peekMessages(PAGE);
    if (page.length === 0) break;
    letters.push(...page.map(({ messageId, body }) => ({ messageId: String(messageId), body: Buffer.from(body) })));
  }
  await receiver.close();
  return letters;
}
