import type { BrokerAdmin, QueueState } from '@order-bench/rig';
import type { Correctness } from '../results/result.js';
import type { ExpectedOrder } from '../workload/expected-orders.js';
import type { Workload } from '../workload/workload.js';
import type { DeadLetter } from './dead-letters.js';
import type { StoredOrders } from './verify.js';

const NAMED_ORDERS = 10;

/** What a run found, to be judged. */
export interface Findings {
  readonly workload: Workload;
  readonly stored: StoredOrders;
  readonly deadLetters: readonly Pick<DeadLetter, 'messageId' | 'body'>[];
  /** Null where the queues do not tell what they counted. */
  readonly queues: readonly QueueState[] | null;
  /** Orders that some subscription has no event of; undefined where none is published. */
  readonly withoutEvent?: number | undefined;
}

/** Counts what was found against what was sent. A malformed message counts only where its body is intact. */
export function correctness({ workload, stored, deadLetters, queues, withoutEvent }: Findings): Correctness {
  const malformed = new Map(workload.malformed.map(({ messageId, body }) => [messageId, body]));
  const intact = deadLetters.filter(({ messageId, body }) => malformed.get(messageId)?.equals(body));
  return {
    written: stored.writtenAtMs.size,
    missing: stored.missing.length,
    unexpected: stored.unexpected.length,
    misrouted: stored.misrouted.length,
    corrupt: stored.corrupt.length,
    goodDeadLettered: deadLetters.filter(({ messageId }) => !malformed.has(messageId)).length,
    malformedDeadLettered: new Set(intact.map(({ messageId }) => messageId)).size,
    duplicateWrites: stored.duplicateWrites,
    redeliveries: queues?.reduce((sum, { counters }) => sum + counters.redelivered, 0) ?? null,
    ...(withoutEvent === undefined ? {} : { withoutEvent }),
  };
}

/** Names the first missing orders, each with where it was seen last, or with `unseen`. */
export function missingText(
  missing: readonly ExpectedOrder[],
  sightings: ReadonlyMap<string, string>,
  unseen: string,
): string {
  const named = missing.slice(0, NAMED_ORDERS).map(({ orderId }) => `${orderId} (${sightings.get(orderId) ?? unseen})`);
  const rest = missing.length - named.length;
  return `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Names the first missing orders and where the broker saw each last. */
export async function whereLastSeen(
  broker: Pick<BrokerAdmin, 'messages'>,
  queues: readonly string[],
  missing: readonly ExpectedOrder[],
): Promise<string> {
  const sightings = new Map<string, string>();
  // In the order of the flow, so that the furthest sighting stays.
  for (const queue of queues) {
    for (const { messageId, state, outcome, deliveryCount } of await broker.messages(queue)) {
      sightings.set(messageId, `${queue}: ${outcome ?? state}, delivered ${deliveryCount} times`);
    }
  }
  return missingText(missing, sightings, 'not in the broker’s record');
}
