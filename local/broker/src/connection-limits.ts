import type { Socket } from 'node:net';
import type { Connection, Receiver, Sender, Session } from 'rhea';
import { type AmqpErrorFields, amqpError, Refusal } from './errors.js';
import type { Frame } from './hot-frames.js';
import { MAX_MESSAGE_SIZE_BYTES } from './message-size.js';

/*
 * What one client may take of the broker. rhea trusts its peers: it has no limit of its own for any of these. Like
 * `rhea-internals.ts` it is written against the one version of rhea that is pinned.
 */

/** Largest frame that the broker takes, bytes: the service's own; a message may take many frames. */
export const MAX_FRAME_SIZE_BYTES = 65_536;
/** Highest channel number of a session on a connection. The SDKs open a session or two for each link. */
export const CHANNEL_MAX = 1023;
/** Highest handle of a link on a session. */
const HANDLE_MAX = 63;
/** Every AMQP peer takes frames of this many bytes (AMQP 1.0, part 2, section 2.7.1). */
const MIN_MAX_FRAME_SIZE_BYTES = 512;
/** A client that has connected says hello within this time. */
const OPEN_WITHIN_MS = 10_000;
/** A client that does not end its side of a closed connection loses it after this time. */
const CLOSE_WITHIN_MS = 1000;
/** A disposition of no more deliveries than this is left to rhea, which looks at each number. */
const SMALL_RANGE = 2048;
const MAX_UINT = 2 ** 32 - 1;

interface Transport {
  read_complete: boolean;
  readonly header_received: object | undefined;
  peek_size(buffer: Buffer): number | undefined;
  read(buffer: Buffer): number;
}

interface ConnectionInternals {
  readonly socket: Socket;
  readonly transport: Transport;
  readonly amqp_transport: Transport;
  readonly remote_channel_map: Readonly<Record<number, SessionInternals & Session>>;
  accept(socket: Socket): void;
  dispatch(event: 'error', error: unknown): boolean;
  on_detach(frame: Frame): void;
  on_end(frame: Frame): void;
  _disconnected(): void;
}

interface IncomingDelivery {
  readonly frames: readonly Buffer[];
  sizeBytes?: number;
}

interface RemoteLink {
  readonly _incomplete?: IncomingDelivery;
  is_remote_open(): boolean;
}

interface Deliveries {
  readonly entries: Iterable<{ readonly id: number } | undefined>;
}

interface FlowFields {
  handle?: number | null;
  next_incoming_id?: number | null;
  delivery_count?: number | null;
  link_credit?: number | null;
}

interface DispositionFields {
  readonly role: boolean;
  readonly first: number;
  readonly last?: number | null;
  readonly settled: boolean;
  readonly state: unknown;
}

interface SessionInternals {
  readonly local: { readonly channel: number; readonly begin: { handle_max: number } };
  readonly remote: { readonly handles: Readonly<Record<number, RemoteLink>> };
  readonly incoming: { readonly deliveries: Deliveries };
  readonly outgoing: { readonly deliveries: Deliveries };
  on_transfer(frame: Frame): void;
  on_flow(frame: Frame): void;
  on_disposition(frame: Frame): void;
}

/** Serves a socket as an AMQP connection, in limits until it is open and once it ends. */
export function acceptSocket(connection: Connection, socket: Socket): void {
  const internals = connection as unknown as ConnectionInternals;
  endWhole(socket, () => internals._disconnected());
  internals.accept(socket);
  limitFrames(internals.transport);
  nameErrors(connection);
  allowEndingTwice(connection);
  const opening = setTimeout(() => {
    if (!connection.is_remote_open()) socket.destroy();
  }, OPEN_WITHIN_MS);
  socket.once('close', () => {
    clearTimeout(opening);
    internals._disconnected();
  });
}

/** Checks a connection that the client has opened: frames must be large enough for a message to be put into some. */
export function checkOpened(connection: Connection): void {
  const { max_frame_size: maxFrameSizeBytes } = connection;
  if (typeof maxFrameSizeBytes !== 'number' || maxFrameSizeBytes >= MIN_MAX_FRAME_SIZE_BYTES) return;
  const description = `max-frame-size is ${maxFrameSizeBytes}; it must be ${MIN_MAX_FRAME_SIZE_BYTES} at least.`;
  refuse(connection, amqpError('amqp:not-allowed', description));
}

/** Limits a session that the client has begun, or closes the connection of one that is too much. */
export function limitSession(session: Session): void {
  const internals = session as unknown as SessionInternals;
  const { connection } = session;
  if (!connection.is_remote_open()) {
    refuse(connection, amqpError('amqp:not-allowed', 'Open the connection before a session.'));
  } else if (internals.local.channel > CHANNEL_MAX) {
    const description = `A connection has at most ${CHANNEL_MAX + 1} sessions.`;
    refuse(connection, amqpError('amqp:resource-limit-exceeded', description));
  }
  internals.local.begin.handle_max = HANDLE_MAX;
  limitMessages(internals);
  limitDispositions(internals);
  completeFlows(internals);
}

/** Closes the connection of a client that attaches more links to a session than it may. @returns whether it may. */
export function allowsLink(link: Sender | Receiver): boolean {
  const { local } = link as unknown as { readonly local: { readonly handle: number } };
  if (local.handle <= HANDLE_MAX) return true;
  const description = `A session has at most ${HANDLE_MAX + 1} links.`;
  refuse(link.connection, amqpError('amqp:resource-limit-exceeded', description));
  return false;
}

/** What a client sent wrong closes its connection with the reason; rhea only cuts it. */
function nameErrors(connection: Connection): void {
  const internals = connection as unknown as ConnectionInternals;
  const { read } = internals.amqp_transport;
  internals.amqp_transport.read = function readOrRefuse(buffer): number {
    try {
      return read.call(this, buffer);
    } catch (error) {
      // Before the protocol is agreed on there is no way to say it.
      if (!this.header_received || !(error instanceof Error)) throw error;
      internals.dispatch('error', error);
      refuse(connection, error instanceof Refusal ? error.toAmqp() : amqpError('amqp:not-allowed', error.message));
      return buffer.length;
    }
  };
}

/**
 * A link or session that has ended may be ended again: the Python SDK does so when the keeper of its connection and its user
 * close at once, and to rhea that breaks the whole connection.
 */
function allowEndingTwice(connection: Connection): void {
  const internals = connection as unknown as ConnectionInternals;
  const { on_detach: onDetach, on_end: onEnd } = internals;
  internals.on_detach = frame => {
    const { handle } = frame.performative as { readonly handle: number };
    const link = internals.remote_channel_map[frame.channel]?.remote.handles[handle];
    if (link?.is_remote_open()) onDetach.call(internals, frame);
  };
  internals.on_end = frame => {
    if (internals.remote_channel_map[frame.channel]?.is_remote_open()) onEnd.call(internals, frame);
  };
}

/** Closes a connection with an error, and reads nothing more of it, not even what has come already. */
function refuse(connection: Connection, error: AmqpErrorFields): void {
  const internals = connection as unknown as ConnectionInternals;
  internals.amqp_transport.read_complete = true;
  connection.close(error);
  // The error is written when what is happening now is done.
  setImmediate(() => internals.socket.end());
}

/**
 * Ends a socket in both directions: rhea would go on reading from a client that does not end its own. What still comes
 * is thrown away; to close at once would take from the client what it has not read yet, the error among it. To the
 * broker the client is gone from now on: it gets no more messages.
 */
function endWhole(socket: Socket, ended: () => void): void {
  const end = socket.end.bind(socket) as () => Socket;
  socket.end = (() => {
    socket.removeAllListeners('data').resume();
    const closing = setTimeout(() => socket.destroy(), CLOSE_WITHIN_MS);
    socket.once('close', () => clearTimeout(closing));
    end();
    ended();
    return socket;
  }) as Socket['end'];
}

/** rhea keeps the bytes of a frame until it is whole, whatever size it states. */
function limitFrames(transport: Transport): void {
  const peekSize = transport.peek_size;
  transport.peek_size = function peekLimitedSize(buffer): number | undefined {
    const sizeBytes = peekSize.call(this, buffer);
    if (sizeBytes === undefined || sizeBytes <= MAX_FRAME_SIZE_BYTES) return sizeBytes;
    throw new Error(`a client sent a frame of ${sizeBytes} bytes; the limit is ${MAX_FRAME_SIZE_BYTES}`);
  };
}

/** rhea keeps the frames of a message until the last one. Past the limit they are dropped; it will be refused. */
function limitMessages(session: SessionInternals): void {
  const onTransfer = session.on_transfer;
  session.on_transfer = function onLimitedTransfer(frame): void {
    const { handle } = frame.performative as { readonly handle: number };
    const incomplete = this.remote.handles[handle]?._incomplete;
    if (incomplete && frame.payload) {
      incomplete.sizeBytes ??= incomplete.frames[0]?.length ?? 0;
      const isTooLarge = incomplete.sizeBytes > MAX_MESSAGE_SIZE_BYTES;
      incomplete.sizeBytes += frame.payload.length;
      onTransfer.call(this, isTooLarge ? withoutPayload(frame) : frame);
    } else {
      onTransfer.call(this, frame);
    }
  };
}

function withoutPayload({ type, channel, performative }: Frame): Frame {
  return { type, channel, performative };
}

/** rhea looks at each number of a disposition's range, also at the thousands of millions that no delivery has. */
function limitDispositions(session: SessionInternals): void {
  const onDisposition = session.on_disposition;
  session.on_disposition = function onLimitedDisposition(frame): void {
    const { role, first, last, settled, state } = frame.performative as DispositionFields;
    const end = last || first;
    if (!isUint(first) || !isUint(end)) throw new Error('a client sent a disposition whose range is not of two uints');
    if (end - first < SMALL_RANGE) {
      onDisposition.call(this, frame);
      return;
    }
    const known = [...(role ? this.outgoing : this.incoming).deliveries.entries].flatMap(each => each?.id ?? []);
    for (const id of known) {
      if (id < first || id > end) continue;
      onDisposition.call(this, { ...frame, performative: { role, first: id, last: id, settled, state } });
    }
  };
}

/** What a flow may leave out counts from the start; rhea would calculate with nothing. */
function completeFlows(session: SessionInternals): void {
  const onFlow = session.on_flow;
  session.on_flow = function onCompleteFlow(frame): void {
    const fields = frame.performative as FlowFields;
    fields.next_incoming_id ??= 0;
    if (fields.handle !== undefined && fields.handle !== null) {
      fields.delivery_count ??= 0;
      fields.link_credit ??= 0;
      if (!isUint(fields.delivery_count) || !isUint(fields.link_credit)) {
        throw new Error('a client sent a flow whose delivery-count or link-credit is no uint');
      }
    }
    onFlow.call(this, frame);
  };
}

function isUint(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_UINT;
}
