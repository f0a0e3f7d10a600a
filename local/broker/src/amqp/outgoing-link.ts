import type { Refusal } from '../errors.js';
import type { Container, MessageGiver } from './container.js';
import { type DeliveryState, encodeAnswer, encodeRejected } from './delivery-state.js';
import type { Attach, Flow } from './performative.js';
import type { Session } from './session.js';

/** What is sent on a link. */
export interface OutgoingMessage {
  /** Encoded. */
  readonly message: Buffer;
  /** At most 32 bytes. */
  readonly tag: Buffer;
  /** Whether it needs no settlement. */
  readonly isSettled: boolean;
}

/** A link on which a client receives. */
export class OutgoingLink {
  readonly session: Session;
  readonly attach: Attach;
  #giver: MessageGiver | undefined;
  #isOpen = false;
  #deliveryCount = 0;
  #limit = 0;

  constructor(session: Session, attach: Attach) {
    this.session = session;
    this.attach = attach;
  }

  /** Finds what gives it messages. @throws Refusal */
  open(container: Container): void {
    this.#giver = container.openOutgoing(this);
    this.#isOpen = true;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Deliveries since the link was opened, with those whose credit was given back. */
  get deliveryCount(): number {
    return this.#deliveryCount;
  }

  /** The delivery count up to which the client takes messages. */
  get limit(): number {
    return this.#limit;
  }

  /** How many more messages the client takes. */
  get credit(): number {
    return Math.max(this.#limit - this.#deliveryCount, 0);
  }

  /** Sends a message, for which there has to be credit. */
  send(message: OutgoingMessage): OutgoingDelivery {
    this.#deliveryCount++;
    return this.session.send(this, message);
  }

  /** Gives the credit that is left back, behind all that was sent. */
  finishDrain(): void {
    this.session.afterSent(() => {
      this.#deliveryCount = Math.max(this.#deliveryCount, this.#limit);
      if (this.#isOpen) this.session.writeFlow(this, true);
    });
  }

  /** The client has changed the credit. */
  onFlow({ deliveryCount, linkCredit, drain }: Flow): void {
    if (!this.#isOpen) return;
    // What the client has not seen yet; the numbers wrap (AMQP 1.0, part 2, section 2.6.7).
    const unseen = (this.#deliveryCount - deliveryCount) | 0;
    this.#limit = this.#deliveryCount + linkCredit - unseen;
    this.#giver?.onCredit(drain);
  }

  /** The client has said what became of a delivery. */
  onState(delivery: OutgoingDelivery, state: DeliveryState): void {
    this.#giver?.onState(delivery, state);
  }

  /** The client has closed the link or is gone. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#giver?.onClose();
  }
}

/** A message that was sent to a client. */
export class OutgoingDelivery {
  readonly link: OutgoingLink;
  readonly id: number;

  constructor(link: OutgoingLink, id: number) {
    this.link = link;
    this.id = id;
  }

  /**
   * Answers what a client did with it, with its own outcome (AMQP 1.0, part 2, section 2.6.12), which the Python SDK
   * compares with what it sent. Without an answer daprd waits 60 s.
   */
  settle(state: DeliveryState): void {
    this.link.session.settle(this, encodeAnswer(state));
  }

  /** Answers that what a client did with it has failed. */
  refuse(refusal: Refusal): void {
    this.link.session.settle(this, encodeRejected(refusal));
  }
}
