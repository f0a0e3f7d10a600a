/** An order that passed the schema, kept as it was sent. */
export interface Order {
  /** Unique in a dataset; the message id and the blob name. */
  readonly orderId: number;
  /** `Express` or `Standard` in any case, as it was sent. */
  readonly delivery: string;
  /** The JSON text as it was sent: nothing in it is lost. */
  readonly text: string;
  /** The same text parsed; unknown keys are in it, `__proto__` too as an own property. It holds every number but not its spelling. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** Why an order can never be processed. `detail` holds none of the order's content, `field` no more than its keys. */
export interface Refusal {
  readonly kind: 'malformed' | 'too-large';
  readonly detail: string;
  /** The field that does not fit, as a path (`items.0.sku`); absent where the whole is at fault. */
  readonly field?: string;
}

/** What came of parsing: an order or a refusal, never half of each. */
export type Parsed = { readonly order: Order } | { readonly refusal: Refusal };
