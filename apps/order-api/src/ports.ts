import type { Order, Route } from '@order-bench/orders';

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
}

/** A page of names in an outbox. */
export interface Listed {
  readonly names: readonly string[];
  /** Where the next page begins; absent on the last. */
  readonly marker?: string;
}

/** The pipeline: orders go in, and stand in its outboxes when they are written. */
export interface PipelinePort {
  /** Resolves once Dapr has confirmed that the order is in the ingress queue; a repeat does no harm. */
  send(order: Order): Promise<void>;
  /** The order's text as it was written; undefined where it is not yet. */
  readWritten(orderId: number, route: Route): Promise<string | undefined>;
  list(route: Route, page: { readonly limit: number; readonly marker?: string }): Promise<Listed>;
}

/** Dapr could not do what was asked of it: 502, of the state 503. */
export class DaprFailed extends Error {
  override readonly name = 'DaprFailed';

  /** @param of what was asked of: `state` or `pipeline`. */
  constructor(
    readonly of: 'state' | 'pipeline',
    message: string,
  ) {
    super(message);
  }
}

/** What the API is made of. */
export interface ApiOptions {
  readonly state: StatePort;
  readonly pipeline: PipelinePort;
  /** What callers send as their bearer token; empty lets everybody in. */
  readonly token: string;
  /** Origins whose pages may call it. */
  readonly allowedOrigins: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
