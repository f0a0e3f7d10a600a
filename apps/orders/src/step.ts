import type { Bindings } from './bindings.js';
import type { Events } from './events.js';
import type { Order } from './order.js';
import type { Trace } from './trace.js';

/** What a role has to take an order one step further. */
export interface Step {
  readonly order: Order;
  readonly bindings: Bindings;
  /** Absent where the setting `events` is off. */
  readonly events?: Events | undefined;
  readonly trace: Trace | undefined;
}
