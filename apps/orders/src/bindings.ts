import type { Order } from './order.js';
import type { Trace } from './trace.js';

/** One `create` on a Dapr output binding. */
export interface CreateRequest {
  /** Name of the output binding's component. */
  readonly binding: string;
  readonly order: Order;
  /** Metadata for the binding, in the spelling that Dapr expects. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Sent with the call as its headers. */
  readonly trace?: Trace | undefined;
}

/** The body of the call to Dapr's bindings API. It holds the order's own text: what is not rebuilt cannot change. */
export function callBody({ order, metadata }: CreateRequest): string {
  return `{"operation":"create","data":${order.text},"metadata":${JSON.stringify(metadata)}}`;
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

  /** @param reason what Dapr answered, or why it could not be reached; a long one is cut */
  constructor({ order, binding }: CreateRequest, reason: string) {
    super(`Order ${order.orderId}: Dapr's output binding ${binding} failed: ${inOneLine(reason)}`);
  }
}

/** Dapr's output binding did not confirm within the time limit. */
export class BindingTimedOut extends Error {
  override readonly name = 'BindingTimedOut';

  constructor({ order, binding }: CreateRequest, limitMs: number) {
    super(`Order ${order.orderId}: Dapr's output binding ${binding} did not answer within ${limitMs} ms.`);
  }
}

/** Room for what Azure says of a failure, and not for a proxy's page. */
const MAX_REASON_CHARACTERS = 1_000;

/** Logs hold the reason: it may neither fill them nor look like a line of their own. */
function inOneLine(reason: string): string {
  return reason.slice(0, MAX_REASON_CHARACTERS).replace(/\s+/g, ' ').trim();
}
