import { described, type Encodable, ubyte, uint, ulong, ushort } from '../encode-value.js';
import { DESCRIPTORS, type DescriptorName } from '../encoding.js';
import { ProtocolError, Refusal } from '../errors.js';
import { MAX_MESSAGE_SIZE_BYTES } from '../message-size.js';
import { encodeError, textOf } from './amqp-error.js';
import type { Connection } from './connection.js';
import { encodeDisposition, encodeFrame, encodeTransfer, TRANSFER_HEAD_SIZE_BYTES } from './frame.js';
import { IncomingLink } from './incoming-link.js';
import { OutgoingDelivery, OutgoingLink, type OutgoingMessage } from './outgoing-link.js';
import type { Attach, Begin, Detach, Disposition, Flow, Transfer } from './performative.js';

/** Highest handle of a link on a session. */
const HANDLE_MAX = 63;
/** Frames of messages that a client may send before it has to wait; half of them gone, it may send as many again. */
const INCOMING_WINDOW = 2048;
/** The broker itself limits nothing that it sends. */
const OUTGOING_WINDOW = 2 ** 32 - 1;

/** The broker's side of a session. It uses the client's own numbers for its channel and the handles of its links. */
export class Session {
  readonly connection: Connection;
  readonly channel: number;
  readonly #links = new Map<number, IncomingLink | OutgoingLink>();
  /** Deliveries that wait for the client's word, by their ids. */
  readonly #unsettled = new Map<number, OutgoingDelivery>();
  /** Transfers that wait until the client takes more frames. */
  #waiting: { readonly handle: number; readonly frame: Buffer }[] = [];
  /** What is to be done behind them. */
  #afterWaiting: (() => void)[] = [];
  #isOpen = true;
  #nextIncomingId: number;
  #incomingWindow = INCOMING_WINDOW;
  #nextOutgoingId = 0;
  #nextDeliveryId = 0;
  /** How many frames of messages the client takes. */
  #remoteWindow: number;

  constructor(connection: Connection, channel: number, begin: Begin) {
    this.connection = connection;
    this.channel = channel;
    this.#nextIncomingId = begin.nextOutgoingId;
    this.#remoteWindow = begin.incomingWindow;
    this.#write('begin', [ushort(channel), uint(0), uint(INCOMING_WINDOW), uint(OUTGOING_WINDOW), uint(HANDLE_MAX)]);
  }

  /** Takes what the client says on this session. */
  take(performative: Attach | Flow | Transfer | Disposition | Detach, payload: Buffer): void {
    switch (performative.kind) {
      case 'transfer':
        this.#onTransfer(performative, payload);
        break;
      case 'disposition':
        this.#onDisposition(performative);
        break;
      case 'flow':
        this.#onFlow(performative);
        break;
      case 'attach':
        this.#onAttach(performative);
        break;
      case 'detach':
        this.#onDetach(performative);
        break;
    }
  }

  /** The client has ended the session or is gone. */
  close(): void {
    this.#isOpen = false;
    for (const link of this.#links.values()) link.close();
  }

  /** Sends a message on a link, in as many frames as it needs. */
  send(link: OutgoingLink, { message, tag, isSettled }: OutgoingMessage): OutgoingDelivery {
    const { handle } = link.attach;
    const delivery = new OutgoingDelivery(link, this.#nextDeliveryId);
    this.#nextDeliveryId = next(this.#nextDeliveryId);
    if (!isSettled) this.#unsettled.set(delivery.id, delivery);
    const roomBytes = this.connection.maxFrameSizeBytes - TRANSFER_HEAD_SIZE_BYTES - tag.length;
    let start = 0;
    do {
      const end = start + roomBytes;
      const transfer = { handle, deliveryId: delivery.id, tag, isSettled, more: end < message.length };
      const frame = encodeTransfer(this.channel, transfer, message.subarray(start, end));
      if (this.#remoteWindow > 0) this.#writeTransfer(frame);
      else this.#waiting.push({ handle, frame });
      start = end;
    } while (start < message.length);
    return delivery;
  }

  /** Does something behind all that was sent: at once, unless the client takes no more frames now. */
  afterSent(action: () => void): void {
    if (this.#waiting.length === 0) action();
    else this.#afterWaiting.push(action);
  }

  /** Answers what the client said of a delivery with an encoded state, unless it settled it itself. */
  settle({ id }: OutgoingDelivery, state: Buffer): void {
    if (this.#unsettled.delete(id)) this.writeDisposition({ role: false, deliveryId: id, state });
  }

  /** Settles a delivery, sent or received, with an encoded state. */
  writeDisposition(disposition: { readonly role: boolean; readonly deliveryId: number; readonly state: Buffer }): void {
    if (this.#isOpen) this.connection.write(encodeDisposition(this.channel, disposition));
  }

  /** Tells the client where the session stands, and a link of it. */
  writeFlow(link?: IncomingLink | OutgoingLink, isDrained = false): void {
    this.#incomingWindow = INCOMING_WINDOW;
    const windows = [this.#nextIncomingId, INCOMING_WINDOW, this.#nextOutgoingId, OUTGOING_WINDOW].map(uint);
    const ofLink = link
      ? [uint(link.attach.handle), uint(link.deliveryCount >>> 0), uint(link.credit), null, isDrained]
      : [];
    this.#write('flow', [...windows, ...ofLink]);
  }

  #onTransfer(transfer: Transfer, payload: Buffer): void {
    const link = this.#linkOf(transfer.handle);
    if (link instanceof OutgoingLink) throw new ProtocolError('a client sent a message on a link on which it receives');
    this.#nextIncomingId = next(this.#nextIncomingId);
    if (--this.#incomingWindow <= INCOMING_WINDOW / 2) this.writeFlow();
    link.onTransfer(transfer, payload);
  }

  #onDisposition({ role, first, last, settled, state }: Disposition): void {
    // What the broker received it has settled already.
    if (!role) return;
    // Where more numbers are stated than there are deliveries, the deliveries are looked at.
    const more = (last - first) >>> 0;
    const deliveries =
      more < this.#unsettled.size
        ? Array.from({ length: more + 1 }, (_, step) => this.#unsettled.get((first + step) >>> 0))
        : [...this.#unsettled.values()].filter(({ id }) => (id - first) >>> 0 <= more);
    for (const delivery of deliveries) {
      if (delivery && settled) this.#unsettled.delete(delivery.id);
      if (state && state.kind !== 'received') delivery?.link.onState(delivery, state);
    }
  }

  #onFlow(flow: Flow): void {
    // What the client has not seen yet; the numbers wrap (AMQP 1.0, part 2, section 2.5.6).
    const unseen = (this.#nextOutgoingId - (flow.nextIncomingId ?? 0)) | 0;
    this.#remoteWindow = flow.incomingWindow - unseen;
    const sent = Math.min(this.#waiting.length, Math.max(this.#remoteWindow, 0));
    for (const { frame } of this.#waiting.splice(0, sent)) this.#writeTransfer(frame);
    if (this.#waiting.length === 0) for (const action of this.#afterWaiting.splice(0)) action();
    const link = flow.handle === undefined ? undefined : this.#linkOf(flow.handle);
    if (link instanceof OutgoingLink) link.onFlow(flow);
    if (flow.echo) this.writeFlow(link);
  }

  #onAttach(attach: Attach): void {
    const { handle } = attach;
    if (handle > HANDLE_MAX) {
      throw new ProtocolError(`A session has at most ${HANDLE_MAX + 1} links.`, 'amqp:resource-limit-exceeded');
    }
    if (this.#links.has(handle)) throw new ProtocolError(`a client attached a link by the handle ${handle} twice`);
    const link = attach.role ? new OutgoingLink(this, attach) : new IncomingLink(this, attach);
    this.#links.set(handle, link);
    try {
      link.open(this.connection.container);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#writeAttach(attach, [null, null]);
      this.#write('detach', [uint(handle), true, encodeError(error)]);
      return;
    }
    const { source, target } = attach;
    // Nothing but the addresses: go-amqp drops the connection over the absent fields of others.
    this.#writeAttach(attach, [
      described(DESCRIPTORS.source, [source.address]),
      described(DESCRIPTORS.target, [target.address]),
    ]);
    if (link instanceof IncomingLink) link.giveCredit();
  }

  /** Repeats what the client asked for; go-amqp refuses an attach that does not. */
  #writeAttach({ name, handle, role, sndSettleMode, rcvSettleMode }: Attach, termini: readonly Encodable[]): void {
    const modes = [ubyte(sndSettleMode), ubyte(rcvSettleMode)];
    const count = role ? uint(0) : null;
    const maxMessageSize = role ? null : ulong(MAX_MESSAGE_SIZE_BYTES);
    this.#write('attach', [name, uint(handle), !role, ...modes, ...termini, null, null, count, maxMessageSize]);
  }

  #onDetach({ handle, closed, error }: Detach): void {
    // One that has ended may be ended again: the Python SDK does so when its keeper and its user close at once.
    const link = this.#links.get(handle);
    if (!link) return;
    if (error) this.connection.container.log(`AMQP: a client closed the link ${link.attach.name}: ${textOf(error)}`);
    this.#links.delete(handle);
    this.#waiting = this.#waiting.filter(waiting => waiting.handle !== handle);
    // What it says of their messages is heard no more: the Python SDK then settles by a request, with the lock token.
    for (const delivery of this.#unsettled.values()) if (delivery.link === link) this.#unsettled.delete(delivery.id);
    // The broker has closed one that it refused already.
    if (link.isOpen) this.#write('detach', [uint(handle), closed]);
    link.close();
  }

  #linkOf(handle: number): IncomingLink | OutgoingLink {
    const link = this.#links.get(handle);
    if (!link) throw new ProtocolError(`a client has no link with the handle ${handle}`);
    return link;
  }

  #writeTransfer(frame: Buffer): void {
    this.#remoteWindow--;
    this.#nextOutgoingId = next(this.#nextOutgoingId);
    if (this.#isOpen) this.connection.write(frame);
  }

  #write(name: DescriptorName, fields: readonly Encodable[]): void {
    if (this.#isOpen) this.connection.write(encodeFrame(this.channel, name, fields));
  }
}

/** The number after another; it wraps (RFC 1982). */
function next(number: number): number {
  return (number + 1) >>> 0;
}
