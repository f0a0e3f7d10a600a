/** A message as it is sent to the ingress queue. */
export interface QueueMessage {
  readonly messageId: string;
  /** Sent as it is, never encoded again. */
  readonly body: Buffer;
}

/** How the generator writes an order's delivery. */
export type Delivery = 'Express' | 'Standard';

/** A valid order: its bytes are the message's body, its id the message's id. */
export interface OrderMessage extends QueueMessage {
  readonly orderId: number;
  readonly delivery: Delivery;
}
