import { type Intake, logOutcome } from '@order-bench/express-app';
import {
  type AppId,
  answer,
  type Bindings,
  DEAD_TOPIC,
  type Events,
  INPUT_TOPIC,
  MAX_ORDER_BYTES,
  type Order,
  type Outcome,
  parseOrder,
  processOrder,
  type Refusal,
  type Route,
  route,
} from '@order-bench/orders';
import type { Logger } from 'pino';
import { type Entry, readBulkDelivery } from './bulk-delivery.js';
import type { DaprTopics, TopicMessage } from './dapr-topics.js';

/** What orders are taken with. */
export interface BulkIntakeOptions {
  readonly appId: AppId;
  readonly topics: DaprTopics;
  /** By which receivers store orders. */
  readonly bindings: Bindings;
  /** Absent where the app is not to publish. */
  readonly events?: Events | undefined;
  readonly logger: Logger;
}

/**
 * Takes many orders a call, from the role's topic, and answers of each: SUCCESS once its next step is confirmed; RETRY where
 * it is not; DROP for one that can never be processed, once the topic of dead letters has it, else RETRY.
 */
export function bulkIntake(options: BulkIntakeOptions): Intake {
  const { appId, topics, logger } = options;
  return {
    path: `/${INPUT_TOPIC[appId]}`,
    maxBytes: MAX_DELIVERY_BYTES,
    tooLarge: size => ({
      kind: 'too-large',
      detail: `The delivery has ${size}; at most ${MAX_DELIVERY_BYTES} are taken.`,
    }),
    async take(bytes) {
      const entries = readBulkDelivery(bytes);
      if (!entries) {
        logOutcome(logger, NO_DELIVERY, undefined);
        return answer(NO_DELIVERY);
      }
      const outcomes = appId === 'distributor' ? distribute(entries, topics) : receive(entries, options);
      const statuses = [...outcomes].map(async ([entry, pending]) => {
        const outcome = await pending;
        logOutcome(logger, outcome, entry.trace);
        return { entryId: entry.entryId, status: await statusOf(entry, outcome, options) };
      });
      return { status: 200, json: { statuses: await Promise.all(statuses) } };
    },
  };
}

/** Of one message, as Dapr's bulk subscriptions want it. */
type Status = 'SUCCESS' | 'RETRY' | 'DROP';

async function statusOf(entry: Entry, outcome: Outcome, { topics, logger }: BulkIntakeOptions): Promise<Status> {
  if (outcome.kind === 'done') return 'SUCCESS';
  if (outcome.kind !== 'malformed' && outcome.kind !== 'too-large') return 'RETRY';
  for (const [, sent] of topics.publish(DEAD_TOPIC, [deadLetter(entry, outcome)])) {
    const kept = await sent;
    logOutcome(logger, kept, entry.trace);
    if (kept.kind !== 'done') return 'RETRY';
  }
  return 'DROP';
}

const NO_DELIVERY: Refusal = {
  kind: 'malformed',
  detail: 'The body is no bulk delivery with raw payloads: entries with an entryId and an event in base64.',
};

/** As many as a delivery has at most (maxMessagesCount in dapr-components/topics), of the largest size, in base64, with 64 KiB of properties each. */
const MAX_DELIVERY_BYTES = 100 * (Math.ceil(MAX_ORDER_BYTES / 3) * 4 + 64 * 1024);

/** What becomes of each message of a delivery; none of it waits for another's. */
type Outcomes = ReadonlyMap<Entry, Promise<Outcome>>;

/** Forwards orders to the topics of their routes, each as the bytes that it came in. */
function distribute(entries: readonly Entry[], topics: DaprTopics): Outcomes {
  const outcomes = new Map<Entry, Promise<Outcome>>();
  const routed: Record<Route, Forwarded[]> = { express: [], standard: [] };
  for (const entry of entries) {
    const parsed = parseOrder(entry.bytes);
    if ('refusal' in parsed) outcomes.set(entry, Promise.resolve(parsed.refusal));
    else routed[route(parsed.order)].push(forwarded(entry, parsed.order));
  }
  for (const to of ['express', 'standard'] as const) {
    const sent = topics.publish(INPUT_TOPIC[`receiver-${to}`], routed[to]);
    for (const [{ entry }, outcome] of sent) outcomes.set(entry, outcome);
  }
  return outcomes;
}

/** An order on its way to a receiver. */
interface Forwarded extends TopicMessage {
  readonly entry: Entry;
}

/** Its message id and trace as those of an order that is forwarded by a binding. */
function forwarded(entry: Entry, { orderId }: Order): Forwarded {
  const { event, trace } = entry;
  const metadata = { MessageId: `${orderId}`, ...(trace && { traceparent: trace.traceparent }) };
  return { entry, event, metadata, what: `Order ${orderId}` };
}

/** Stores orders, each as one that comes by itself. */
function receive(entries: readonly Entry[], { appId, bindings, events }: BulkIntakeOptions): Outcomes {
  return new Map(entries.map(entry => [entry, processOrder({ ...entry, appId, bindings, events })]));
}

/** The message that cannot be processed, with why, under the names by which Service Bus says that of its own dead letters. */
function deadLetter({ event, messageId, trace }: Entry, { kind, detail }: Refusal): TopicMessage {
  const why = { DeadLetterReason: kind, DeadLetterErrorDescription: detail };
  const metadata = { MessageId: messageId, ...why, ...(trace && { traceparent: trace.traceparent }) };
  return { event, metadata, what: `Message ${messageId}` };
}
