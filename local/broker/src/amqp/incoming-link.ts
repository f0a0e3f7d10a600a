import { ProtocolError, type Refusal } from '../errors.js';
import { MAX_MESSAGE_SIZE_BYTES } from '../message-size.js';
import type { Container, MessageTaker } from './container.js';
import { ENCODED_ACCEPTED, encodeRejected } from './delivery-state.js';
import type { Attach, Transfer } from './performative.js';
import type { Session } from './session.js';

/** Messages that a client may send before it has to wait; half of them gone, it may send as many again. */
const CREDIT = 1000;

/** A link on which a client sends. */
export class IncomingLink {
  readonly session: Session;
  readonly attach: Attach;
  #taker: MessageTaker | undefined;
  #deliveryCount: number;
  #credit = 0;
  /** A message of which not every frame has come. */
  #incomplete: IncomingDelivery | undefined;

  constructor(session: Session, attach: Attach) {
    this.session = session;
    this.attach = attach;
    this.#deliveryCount = attach.initialDeliveryCount;
  }

  /** Finds what takes its messages. @throws Refusal */
  open(container: Container): void {
    this.#taker = container.openIncoming(this);
  }

  get isOpen(): boolean {
    return this.#taker !== undefined;
  }

  /** Messages since the link was opened. */
  get deliveryCount(): number {
    return this.#deliveryCount;
  }

  /** How many more messages the client may send. */
  get credit(): number {
    return this.#credit;
  }

  /** Lets the client send. */
  giveCredit(): void {
    this.#credit = CREDIT;
    this.session.writeFlow(this);
  }

  /** The client has closed the link or is gone. */
  close(): void {
    this.#taker = undefined;
  }

  /** Takes one frame of a message. */
  onTransfer(transfer: Transfer, payload: Buffer): void {
    const delivery = this.#incomplete ?? new IncomingDelivery(this, transfer);
    delivery.add(transfer, payload);
    this.#incomplete = transfer.more && !transfer.aborted ? delivery : undefined;
    if (this.#incomplete) return;
    // To the credit one that its sender gave up counts as well.
    this.#deliveryCount = (this.#deliveryCount + 1) >>> 0;
    this.#credit--;
    if (!transfer.aborted) this.#taker?.take(delivery);
    if (this.#credit <= CREDIT / 2 && this.isOpen) this.giveCredit();
  }
}

/** A message that a client has sent. */
export class IncomingDelivery {
  readonly messageFormat: number;
  readonly #link: IncomingLink;
  /** Need not differ from others': the Python SDK uses one twice when it sends from two threads. */
  readonly #id: number;
  readonly #payloads: Buffer[] = [];
  #sizeBytes = 0;
  #isSettled = false;

  constructor(link: IncomingLink, { deliveryId, messageFormat }: Transfer) {
    if (deliveryId === undefined) throw new ProtocolError('a client sent a message without a delivery-id');
    this.#link = link;
    this.#id = deliveryId;
    this.messageFormat = messageFormat;
  }

  /** The message; of one over the limit only the beginning, which is over the limit too. */
  get message(): Buffer {
    const [first, ...more] = this.#payloads;
    return first && more.length === 0 ? first : Buffer.concat(this.#payloads);
  }

  add({ settled }: Transfer, payload: Buffer): void {
    this.#isSettled ||= settled;
    if (this.#sizeBytes <= MAX_MESSAGE_SIZE_BYTES) this.#payloads.push(payload);
    this.#sizeBytes += payload.length;
  }

  /** Answers that it was taken, or why not. */
  settle(refusal?: Refusal): void {
    if (this.#isSettled) return;
    const state = refusal ? encodeRejected(refusal) : ENCODED_ACCEPTED;
    this.#link.session.writeDisposition({ role: true, deliveryId: this.#id, state });
  }
}
