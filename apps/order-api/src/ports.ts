import type { Order, Route } from '@order-bench/orders';
import type { WebhookRules } from './webhook-url.js';

/** A value with the validator that a change of it must name. */
export interface Stored {
  readonly value: unknown;
  readonly etag: string;
}

/** The store of what the API knows of orders and keys. */
export interface StatePort {
  /** Undefined where there is none. */
  get(key: string): Promise<Stored | undefined>;
  /** False where somebody was first. */
  create(key: string, value: unknown): Promise<boolean>;
  /** False where it has changed since that validator. */
  replace(key: string, value: unknown, etag: string): Promise<boolean>;
  /** False where it has changed since that validator. */
  remove(key: string, etag: string): Promise<boolean>;
}

/** A cache, which may have forgotten anything and may be away: it says so by what it returns, and never fails. */
export interface CachePort {
  get(key: string): Promise<unknown>;
  /** Whether it is kept. */
  set(key: string, value: unknown): Promise<boolean>;
}

/** The queues of the API's own work. */
export interface QueuePort {
  /** Resolves once Dapr has confirmed that the message is in the queue, to be taken now or at a later time. */
  send(queue: 'q-webhooks' | 'q-jobs', message: unknown, how: SendOptions): Promise<void>;
}

/** How a message is sent. */
export interface SendOptions {
  /** The message's id, for those who follow it. */
  readonly id: string;
  /** Milliseconds since 1970; absent: now. */
  readonly atMs?: number;
}

/** A page of names in an outbox. */
export interface Listed {
  readonly names: readonly string[];
  /** Where the next page begins; absent on the last. */
  readonly marker?: string;
}

/** The pipeline: orders go in, and stand in its outboxes when they are written. */
export interface PipelinePort {
  /**
   * Resolves once Dapr has confirmed that the order is in the ingress queue; a repeat does no harm.
   *
   * @throws OrderTooLarge where no message of the queue can hold it.
   */
  send(order: Order): Promise<void>;
  /** The order's text as it was written; undefined where it is not yet. */
  readWritten(orderId: number, route: Route): Promise<string | undefined>;
  list(route: Route, page: { readonly limit: number; readonly marker?: string }): Promise<Listed>;
}

/** Dapr could not do what was asked of it: 502, 504 where it was late, of the state 503. */
export class DaprFailed extends Error {
  override readonly name = 'DaprFailed';

  /** @param of what was asked of: the state, or anything else. */
  constructor(
    readonly of: 'state' | 'pipeline',
    message: string,
    readonly isLate = false,
  ) {
    super(message);
  }
}

/** An order within the limit on orders that, as a message, is over the queue's. */
export class OrderTooLarge extends Error {
  override readonly name = 'OrderTooLarge';
}

/** What the API is made of. */
export interface ApiOptions {
  readonly state: StatePort;
  readonly pipeline: PipelinePort;
  readonly cache: CachePort;
  readonly queue: QueuePort;
  readonly webhookRules: WebhookRules;
  /** What callers send as their bearer token; empty lets everybody in. */
  readonly token: string;
  /** Origins whose pages may call it. */
  readonly allowedOrigins: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
