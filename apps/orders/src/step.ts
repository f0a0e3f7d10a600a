import type { Bindings } from './bindings.js';
import type { Order } from './order.js';
import type { Trace } from './trace.js';

/** What a role has to take an order one step further. */
export interface Step {
  readonly order: Order;
  readonly bindings: Bindings;
  readonly trace: Trace | undefined;
}
