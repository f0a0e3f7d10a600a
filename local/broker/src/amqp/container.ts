import type { DeliveryState } from './delivery-state.js';
import type { IncomingDelivery, IncomingLink } from './incoming-link.js';
import type { OutgoingDelivery, OutgoingLink } from './outgoing-link.js';

/** What serves the clients of AMQP connections; all that they do arrives here. */
export interface Container {
  /** A client attaches a link to send on. @returns what takes its messages. @throws Refusal, which closes the link */
  openIncoming(link: IncomingLink): MessageTaker;
  /** A client attaches a link to receive on. @returns what gives it messages. @throws Refusal, which closes the link */
  openOutgoing(link: OutgoingLink): MessageGiver;
  /** Told about clients that break the protocol or report an error. */
  log(line: string): void;
}

/** Takes the messages of a link on which a client sends. */
export interface MessageTaker {
  /** A message is here, whole; `delivery.settle` answers it. */
  take(delivery: IncomingDelivery): void;
}

/** Gives messages to a link on which a client receives. */
export interface MessageGiver {
  /** The client has changed the credit of the link, and where it drains it wants what there is and the rest back. */
  onCredit(isDrain: boolean): void;
  /** The client has said what became of a delivery; `delivery.settle` or `delivery.refuse` answers it. */
  onState(delivery: OutgoingDelivery, state: DeliveryState): void;
  /** The link is closed, or the client is gone. */
  onClose(): void;
}
