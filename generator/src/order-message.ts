/** Where orders enter the pipeline. */
export const INGRESS_QUEUE = 'q-order-ingress';

/** A message as it is sent to the ingress queue. */
export interface QueueMessage {
  readonly messageId: string;
  /** Sent as it is, never encoded again. */
  readonly body: Buffer;
}

/** How the generator writes an order's delivery. */
export type Delivery = 'Express' | 'Standard';

/** An order as the design has it, keys in this order. */
export interface NewOrder {
  readonly orderId: number;
  readonly orderGuid: string;
  readonly description: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly delivery: Delivery;
  readonly items: readonly { readonly orderItemId: number; readonly sku: string; readonly quantity: number }[];
}

/** A valid order: its bytes are the message's body, its id the message's id. */
export interface OrderMessage extends QueueMessage {
  readonly orderId: number;
  readonly delivery: Delivery;
}
