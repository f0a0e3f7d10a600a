import type { Route } from './names.js';
import type { Order } from './order.js';
import { route } from './route.js';
import type { Trace } from './trace.js';

/** Dapr's component of the events, and the topic that receivers publish to. */
export const EVENTS = { pubsub: 'orders-events', topic: 'orders' } as const;

/** The type of the event that an order is written. */
export const ORDER_WRITTEN = 'order.written';

/** Media type of an event in JSON (CloudEvents 1.0, structured content mode): Dapr then makes none of its own around it. */
export const CLOUD_EVENT_CONTENT_TYPE = 'application/cloudevents+json';

/** An event, as CloudEvents 1.0 has it. */
export interface OrderWritten {
  readonly specversion: '1.0';
  /** The same for every repeat of one order's. */
  readonly id: string;
  readonly source: string;
  readonly type: typeof ORDER_WRITTEN;
  readonly subject: string;
  /** When the receiver had it written, ISO 8601. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: { readonly orderId: number; readonly delivery: Route };
}

/** The event that an order is written: where it stands, and nothing of what is in it. */
export function orderWritten(order: Order, writtenAt: Date): OrderWritten {
  const delivery = route(order);
  return {
    specversion: '1.0',
    id: `evt_written_${order.orderId}`,
    source: `/receivers/${delivery}`,
    type: ORDER_WRITTEN,
    subject: String(order.orderId),
    time: writtenAt.toISOString(),
    datacontenttype: 'application/json',
    data: { orderId: order.orderId, delivery },
  };
}

/** One event to publish. */
export interface PublishRequest {
  readonly order: Order;
  readonly event: OrderWritten;
  /** Sent with the call as its headers. */
  readonly trace?: Trace | undefined;
}

/** The port to Dapr's publishing; an app that was not told to publish has none. */
export interface Events {
  /**
   * Resolves once Dapr has confirmed that the topic has the event.
   *
   * @throws {PublishFailed} when Dapr refused, could not be reached or took longer than the time limit
   */
  publish(request: PublishRequest): Promise<void>;
}

/** Dapr did not confirm an event. The order is written; it is delivered again, and both steps repeat harmlessly. */
export class PublishFailed extends Error {
  override readonly name = 'PublishFailed';

  /** @param reason what Dapr answered, or why it could not be reached; a long one is cut */
  constructor({ order }: PublishRequest, reason: string) {
    super(
      `Order ${order.orderId}: publishing to ${EVENTS.pubsub} failed: ${reason.slice(0, MAX_REASON_CHARACTERS).replace(/\s+/g, ' ').trim()}`,
    );
  }
}

const MAX_REASON_CHARACTERS = 1_000;
