import type { Socket } from 'node:net';
import rhea, { type Connection, type Delivery, type Receiver, type Sender, type Session } from 'rhea';
import type { AmqpErrorFields } from './errors.js';
import { ACCEPTED, HotPerformative } from './hot-frames.js';

/**
 * The few places where the broker reaches behind rhea's public face, each with its reason. Written against rhea 3.0
 * (the version is pinned); the conformance suite fails if an update moves one of them.
 */

/** Outgoing deliveries of a session as rhea keeps them. */
interface OutgoingDelivery {
  readonly id: number;
  data: Buffer[];
  settled: boolean;
  remote_settled: boolean;
}

interface Outgoing {
  deliveries: unknown;
  readonly next_pending_delivery: number;
}

interface AttachFrame {
  /** The role is true where the client receives. */
  readonly performative: {
    name: string;
    readonly role: boolean;
    readonly handle: number;
    readonly initial_delivery_count?: unknown;
  };
}

interface FlowFrame {
  readonly performative: { readonly handle?: number | null; readonly drain?: unknown; readonly echo?: unknown };
}

interface TransferFrame {
  readonly performative: {
    readonly handle: number;
    readonly delivery_id?: number | null;
    message_format: number | null;
    more: unknown;
    readonly aborted?: unknown;
  };
  payload?: Buffer;
}

/** A delivery of which not every frame has come. */
interface IncompleteDelivery {
  settled: boolean;
}

interface SessionInternals {
  readonly outgoing: Outgoing;
  readonly incoming: {
    next_delivery_id: number | undefined;
    readonly next_transfer_id: number;
    max_transfer_id: number;
  };
  readonly links: Readonly<Record<string, LinkInternals>>;
  readonly remote: { readonly handles: Readonly<Record<number, LinkInternals & { _incomplete?: IncompleteDelivery }>> };
  on_attach(frame: AttachFrame): void;
  on_transfer(frame: TransferFrame): void;
  on_flow(frame: FlowFrame): void;
  _write_flow(link?: LinkInternals): void;
}

interface LinkInternals {
  delivery_count: number;
  credit: number;
  issue_flow: boolean;
  readonly _draining?: boolean;
  readonly local: {
    readonly attach: {
      name: string;
      readonly role: boolean;
      snd_settle_mode: number;
      rcv_settle_mode: number;
      max_message_size: number;
    };
  };
}

interface ConnectionInternals {
  readonly socket: Socket;
  readonly socket_ready: boolean;
  _register(): void;
  _write_frame(channel: number, performative: unknown, payload?: Buffer): void;
}

interface Outcome {
  described(): unknown;
}

const { modified, rejected, released } = rhea.message as unknown as {
  modified(fields: { delivery_failed?: boolean | undefined; undeliverable_here?: boolean | undefined }): Outcome;
  rejected(fields: { error?: AmqpErrorFields }): Outcome;
  released(): Outcome;
};

const booleanOfAByte = (rhea.types as unknown as { readonly by_code: Readonly<Record<number, ByteType>> })
  .by_code[0x56];

interface ByteType {
  read(encoded: Buffer, at: number): unknown;
}

/** rhea reads a boolean that is encoded as a byte as a number, which is never `=== true`. */
export function mendBooleans(): void {
  if (booleanOfAByte) booleanOfAByte.read = (encoded, at) => encoded.readUInt8(at) !== 0;
}

/** Prepares a session that a client has begun. */
export function prepareSession(session: Session): void {
  const internals = session as unknown as SessionInternals;
  internals.outgoing.deliveries = new UnsettledDeliveries(internals.outgoing);
  receiveUndecoded(internals);
  allowNamesTwice(internals);
  countAsSendersDo(internals);
  answerEchoes(internals);
}

/**
 * A client may give a link that it sends on and one that it receives on the same name, as Qpid Proton does for one address.
 * rhea knows the links of a session by their names; the second of the two gets another, that the client does not see.
 */
function allowNamesTwice(session: SessionInternals): void {
  const onAttach = session.on_attach;
  session.on_attach = function onNamedAttach(frame): void {
    const { performative } = frame;
    const { name, role, handle } = performative;
    const isTaken = this.links[name]?.local.attach.role === role;
    if (isTaken) performative.name = `${name} (${role ? 'receiver' : 'sender'})`;
    onAttach.call(this, frame);
    if (!isTaken) return;
    performative.name = name;
    const link = this.remote.handles[handle];
    if (link) link.local.attach.name = name;
  };
}

/**
 * A sender counts its deliveries from the number in its attach, and on from 0 past the largest uint (AMQP 1.0, part 2, 2.6.7);
 * rhea counts them from 0. With another number than 0 the sender would have too much credit or none.
 */
function countAsSendersDo(session: SessionInternals): void {
  const { on_attach: onAttach, _write_flow: writeFlow } = session;
  session.on_attach = function onCountedAttach(frame): void {
    onAttach.call(this, frame);
    const { role, handle, initial_delivery_count: first } = frame.performative;
    const link = this.remote.handles[handle];
    if (link && !role && typeof first === 'number') link.delivery_count = first;
  };
  session._write_flow = function writeCountedFlow(link): void {
    if (link?.local.attach.role) link.delivery_count >>>= 0;
    writeFlow.call(this, link);
  };
}

/** A flow may ask for the broker's side of the link, or of the session (AMQP 1.0, part 2, 2.7.4). A drain is answered by itself. */
function answerEchoes(session: SessionInternals): void {
  const onFlow = session.on_flow;
  session.on_flow = function onEchoedFlow(frame): void {
    onFlow.call(this, frame);
    const { handle, drain, echo } = frame.performative;
    if (echo !== true || drain === true) return;
    const link = this.remote.handles[handle ?? Number.NaN];
    // Both are written when rhea writes next, so after what opens them.
    if (link) link.issue_flow = true;
    else this.incoming.max_transfer_id = this.incoming.next_transfer_id;
  };
}

const NO_BYTES = Buffer.alloc(0);

/**
 * rhea decodes each message of format 0 and hands over any other as the bytes it came in. Without a format every
 * message takes the second way. It joins payloads that are not there, delivers a message that its sender gave up, and
 * ends the connection of a client whose delivery-ids do not follow each other: the Python SDK uses one twice when it sends
 * from two threads, as it does to renew locks.
 */
function receiveUndecoded(session: SessionInternals): void {
  const onTransfer = session.on_transfer;
  session.on_transfer = function onUndecodedTransfer(frame): void {
    const { performative } = frame;
    if (performative.message_format === 0) performative.message_format = null;
    frame.payload ??= NO_BYTES;
    const isFirst = this.remote.handles[performative.handle]?._incomplete === undefined;
    if (isFirst && typeof performative.delivery_id === 'number')
      this.incoming.next_delivery_id = performative.delivery_id;
    if (performative.aborted === true) performative.more = true;
    onTransfer.call(this, frame);
    if (performative.aborted === true) forgetIncomplete(this.remote.handles[performative.handle]);
  };
}

/** Forgets what came of a delivery; to the credit it counts as one. */
function forgetIncomplete(link: (LinkInternals & { _incomplete?: IncompleteDelivery }) | undefined): void {
  if (!link?._incomplete) return;
  link._incomplete.settled = true;
  delete link._incomplete;
  link.credit--;
  link.delivery_count++;
}

/**
 * Replaces rhea's ring of 2048 unsettled deliveries. The ring is freed from its oldest entry only, so that one message
 * whose lock is renewed for minutes would stop a session after 2047 others.
 */
class UnsettledDeliveries {
  readonly #byId = new Map<number, OutgoingDelivery>();
  readonly #outgoing: Outgoing;
  /** Deliveries that were sent or settled since the last look. */
  #changed: OutgoingDelivery[] = [];

  constructor(outgoing: Outgoing) {
    this.#outgoing = outgoing;
  }

  available(): number {
    return Number.MAX_SAFE_INTEGER;
  }

  push(delivery: OutgoingDelivery): void {
    this.#byId.set(delivery.id, delivery);
    this.#changed.push(delivery);
  }

  get entries(): Iterable<OutgoingDelivery> {
    return this.#byId.values();
  }

  by_id(id: number): OutgoingDelivery | undefined {
    return this.#byId.get(id);
  }

  changed(delivery: OutgoingDelivery): void {
    this.#changed.push(delivery);
  }

  /** rhea calls this whenever it has written what it could. */
  pop_if(isDone: (delivery: OutgoingDelivery) => boolean): void {
    if (this.#changed.length === 0) return;
    const changed = this.#changed;
    this.#changed = [];
    for (const delivery of changed) {
      if (delivery.id >= this.#outgoing.next_pending_delivery) this.#changed.push(delivery);
      else if (isDone(delivery)) this.#byId.delete(delivery.id);
      // It is written: the bytes are not needed while it waits for its settlement.
      else delivery.data = [];
    }
  }
}

/**
 * Answers what a consumer did with a delivery: with its own outcome (AMQP 1.0, part 2, section 2.6.12), which the Python SDK
 * compares with what it sent, or with the error that it led to. Without an answer daprd waits 60 s.
 */
export function settleOutgoing(delivery: Delivery, error?: AmqpErrorFields): void {
  const outgoing = delivery as unknown as OutgoingDelivery;
  settle(delivery, error ? rejected({ error }).described() : sameOutcome(delivery));
  // Once the sender has settled, the receiver has no more to say, but rhea would wait for it for ever.
  outgoing.remote_settled = true;
  const { deliveries } = (delivery.link.session as unknown as SessionInternals).outgoing;
  if (deliveries instanceof UnsettledDeliveries) deliveries.changed(outgoing);
}

/** Answers a message that came in: taken, or refused with the error. */
export function settleIncoming(delivery: Delivery, error?: AmqpErrorFields): void {
  settle(delivery, error ? rejected({ error }).described() : ACCEPTED);
}

/** The outcome that the consumer stated, less what is in it: to repeat an error would mean that the settlement failed. */
function sameOutcome(delivery: Delivery): unknown {
  const state = delivery.remote_state ?? {};
  switch ((state.constructor as { readonly composite_type?: string }).composite_type) {
    case 'modified': {
      const { delivery_failed, undeliverable_here } = state;
      return modified({ delivery_failed, undeliverable_here }).described();
    }
    case 'rejected':
      return rejected({}).described();
    case 'released':
      return released().described();
    default:
      return ACCEPTED;
  }
}

let others = 1;

/**
 * rhea joins neighbouring dispositions into one, and compares their states from the third on only: a refusal that
 * follows an acceptance in the same turn would be sent as accepted. It does compare `settled`, so that each state but
 * accepted has a true value of its own there.
 */
function settle(delivery: Delivery, state: unknown): void {
  if (state === ACCEPTED) delivery.update(true, ACCEPTED);
  else delivery.update(++others as unknown as boolean, state as Parameters<Delivery['update']>[1]);
}

/** Sends an encoded message that needs no settlement. */
export function sendSettled(sender: Sender, tag: Buffer, encoded: Buffer): void {
  const delivery = sender.send(encoded, tag, 0);
  (delivery as unknown as OutgoingDelivery).settled = true;
}

/**
 * How many deliveries the consumer has allowed on this link since it was opened. rhea counts a delivery when it writes
 * it, not when it is handed over, so that room is this limit less the deliveries handed over.
 */
export function deliveryLimit(sender: Sender): number {
  const { delivery_count, credit } = sender as unknown as LinkInternals;
  return delivery_count + credit;
}

/** Whether the consumer wants what there is now, and its unused credit back. */
export function isDraining(sender: Sender): boolean {
  return (sender as unknown as LinkInternals)._draining === true;
}

/** Tells the consumer that its remaining credit is used up. */
export function finishDrain(sender: Sender): void {
  const internals = sender as unknown as LinkInternals;
  // rhea counts the credit down one by one, and for ever from a number below zero: one is left to it.
  internals.delivery_count += Math.max(internals.credit, 0) - 1;
  internals.credit = 1;
  sender.set_drained(true);
  (sender.connection as unknown as ConnectionInternals)._register();
}

/** Settle modes of a peer's link; go-amqp refuses an attach that does not repeat what it asked for. */
export function echoSettleModes(link: Sender | Receiver): void {
  const { attach } = (link as unknown as LinkInternals).local;
  attach.snd_settle_mode = link.snd_settle_mode;
  attach.rcv_settle_mode = link.rcv_settle_mode;
}

/** States the largest message that a link takes, bytes. */
export function setMaxMessageSize(receiver: Receiver, sizeBytes: number): void {
  (receiver as unknown as LinkInternals).local.attach.max_message_size = sizeBytes;
}

/**
 * Writes the frames of one turn of the event loop at once: rhea writes each by itself, a system call each. Hot frames
 * go past rhea's transport, which would set its heartbeat's timer anew for each; so the heartbeat is sent even in busy
 * times, which is allowed.
 */
export function joinWrites(connection: Connection): void {
  const internals = connection as unknown as ConnectionInternals;
  const { socket } = internals;
  const write = socket.write.bind(socket) as (chunk: Buffer) => boolean;
  const end = socket.end.bind(socket) as () => Socket;
  let chunks: Buffer[] = [];
  const flush = () => {
    if (chunks.length === 0) return;
    const joined = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    chunks = [];
    write(joined);
  };
  socket.write = ((chunk: Buffer) => {
    if (chunks.push(chunk) === 1) process.nextTick(flush);
    return true;
  }) as Socket['write'];
  socket.end = (() => {
    flush();
    return end();
  }) as Socket['end'];
  const writeFrame = internals._write_frame;
  internals._write_frame = (channel, performative, payload) => {
    if (performative instanceof HotPerformative && internals.socket_ready) {
      socket.write(performative.write(channel, payload));
    } else {
      writeFrame.call(connection, channel, performative, payload);
    }
  };
}
