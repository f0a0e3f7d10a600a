import type { Order } from './order.js';

/** One `create` on a Dapr output binding. */
export interface CreateRequest {
  /** Name of the output binding's component. */
  readonly binding: string;
  readonly order: Order;
  /** Metadata for the binding, in the spelling that Dapr expects. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The port to Dapr's output bindings; each app brings its own. */
export interface Bindings {
  /**
   * Resolves once Dapr has confirmed the write.
   *
   * @throws {BindingFailed} when Dapr refused or could not be reached
   * @throws {BindingTimedOut} when it took longer than the time limit; the write may still happen
   */
  create(request: CreateRequest): Promise<void>;
}

/** Dapr's output binding failed, refused or could not be reached. */
export class BindingFailed extends Error {
  override readonly name = 'BindingFailed';

  /** @param reason what Dapr answered, or why it could not be reached */
  constructor({ order, binding }: CreateRequest, reason: string) {
    super(`Order ${order.orderId}: Dapr's output binding ${binding} failed: ${reason}`);
  }
}

/** Dapr's output binding did not confirm within the time limit. */
export class BindingTimedOut extends Error {
  override readonly name = 'BindingTimedOut';

  constructor({ order, binding }: CreateRequest, limitMs: number) {
    super(`Order ${order.orderId}: Dapr's output binding ${binding} did not answer within ${limitMs} ms.`);
  }
}
