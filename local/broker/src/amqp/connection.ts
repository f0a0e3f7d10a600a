import type { Socket } from 'node:net';
import { array, ubyte, uint, ushort } from '../encode-value.js';
import { ProtocolError, Refusal } from '../errors.js';
import { SYMBOL } from '../type-codes.js';
import { encodeError, textOf } from './amqp-error.js';
import type { Container } from './container.js';
import { encodeFrame, type Frame, HEARTBEAT, readFrame } from './frame.js';
import type { Begin, End, Open, Performative, SaslInit } from './performative.js';
import { Session } from './session.js';
import { Wire } from './wire.js';

/** Largest frame that the broker takes, bytes: the service's own; a message may take many frames. */
const MAX_FRAME_SIZE_BYTES = 65_536;
/** Highest channel number of a session on a connection. The SDKs open a session or two for each link. */
const CHANNEL_MAX = 1023;
/** Every AMQP peer takes frames of this many bytes (AMQP 1.0, part 2, section 2.7.1). */
const MIN_MAX_FRAME_SIZE_BYTES = 512;
/** A client that has connected says hello within this time. */
const OPEN_WITHIN_MS = 10_000;

const CONTAINER_ID = 'order-bench-broker';
const AMQP_HEADER = Buffer.from('AMQP\x00\x01\x00\x00', 'latin1');
const SASL_HEADER = Buffer.from('AMQP\x03\x01\x00\x00', 'latin1');

/**
 * Those of the service: most SDKs take the first, .NET's takes MSSBCBS, clients without claims take PLAIN. All let anyone
 * in, whatever is said: the broker listens on this machine only.
 */
const MECHANISMS = ['ANONYMOUS', 'MSSBCBS', 'PLAIN', 'EXTERNAL'];
const SASL_OK = 0;
const SASL_AUTH_FAILED = 1;

/**
 * The broker's side of one AMQP 1.0 connection (part 2 of the specification; SASL: part 5, section 5.3). A client that
 * breaks the protocol is told why and loses the connection.
 */
export class Connection {
  readonly container: Container;
  readonly #wire: Wire;
  readonly #sessions = new Map<number, Session>();
  readonly #opening: NodeJS.Timeout;
  #heartbeats: NodeJS.Timeout | undefined;
  /** What comes next: a protocol header, a SASL init, an open, or anything. */
  #phase: 'header' | 'sasl' | 'amqp' | 'open' = 'header';
  #maxFrameSizeBytes = MAX_FRAME_SIZE_BYTES;

  constructor(socket: Socket, container: Container) {
    this.container = container;
    this.#wire = new Wire({
      socket,
      sizeOf: received => this.#sizeOf(received),
      take: piece => (this.#phase === 'header' ? this.#onHeader(piece) : this.#onFrame(readFrame(piece))),
      failed: error => this.#refuse(error),
      ended: () => this.#ended(),
    });
    this.#opening = setTimeout(() => this.#wire.destroy(), OPEN_WITHIN_MS);
  }

  /** Largest frame that the client takes, bytes. */
  get maxFrameSizeBytes(): number {
    return this.#maxFrameSizeBytes;
  }

  /** Sends an encoded frame. */
  write(frame: Buffer): void {
    this.#wire.write(frame);
  }

  #sizeOf(received: Buffer): number {
    if (this.#phase === 'header') return AMQP_HEADER.length;
    const sizeBytes = received.readUInt32BE(0);
    // Before it is kept in memory.
    if (sizeBytes > MAX_FRAME_SIZE_BYTES) {
      throw new ProtocolError(`a client sent a frame of ${sizeBytes} bytes; the limit is ${MAX_FRAME_SIZE_BYTES}`);
    }
    return sizeBytes;
  }

  #onHeader(header: Buffer): void {
    if (header.equals(SASL_HEADER)) {
      this.#phase = 'sasl';
      this.write(SASL_HEADER);
      this.write(encodeFrame(0, 'sasl-mechanisms', [array(SYMBOL, MECHANISMS)]));
      return;
    }
    // Also the answer to any other protocol (AMQP 1.0, part 2, section 2.2).
    this.write(AMQP_HEADER);
    if (!header.equals(AMQP_HEADER))
      throw new ProtocolError(`a client speaks ${header.toString('hex')} and not AMQP 1.0`);
    this.#phase = 'amqp';
  }

  #onFrame(frame: Frame): void {
    const { performative } = frame;
    // Without one it says only that the client is there.
    if (!performative) return;
    if (this.#phase === 'open') this.#onOpenFrame(performative, frame);
    else if (this.#phase === 'sasl' && performative.kind === 'sasl-init') this.#onSaslInit(performative);
    else if (this.#phase === 'amqp' && performative.kind === 'open') this.#onOpen(performative);
    else throw new ProtocolError(`a client sent ${performative.kind} before it opened its connection`);
  }

  #onSaslInit({ mechanism = '' }: SaslInit): void {
    const isKnown = MECHANISMS.includes(mechanism);
    this.write(encodeFrame(0, 'sasl-outcome', [ubyte(isKnown ? SASL_OK : SASL_AUTH_FAILED)]));
    if (!isKnown) throw new ProtocolError(`a client wants the SASL mechanism ${mechanism}`);
    this.#phase = 'header';
  }

  #onOpen({ maxFrameSize, idleTimeOut }: Open): void {
    clearTimeout(this.#opening);
    this.#writeOpen();
    if (maxFrameSize !== undefined && maxFrameSize < MIN_MAX_FRAME_SIZE_BYTES) {
      throw new ProtocolError(`max-frame-size is ${maxFrameSize}; it must be ${MIN_MAX_FRAME_SIZE_BYTES} at least.`);
    }
    this.#maxFrameSizeBytes = Math.min(maxFrameSize ?? MAX_FRAME_SIZE_BYTES, MAX_FRAME_SIZE_BYTES);
    // A client that hears nothing for so long takes the broker for dead.
    if (idleTimeOut) this.#heartbeats = setInterval(() => this.write(HEARTBEAT), Math.floor(idleTimeOut / 2));
  }

  #onOpenFrame(performative: Performative, { channel, payload }: Frame): void {
    const session = this.#sessions.get(channel);
    switch (performative.kind) {
      case 'attach':
      case 'flow':
      case 'transfer':
      case 'disposition':
        if (!session)
          throw new ProtocolError(`a client sent ${performative.kind} on channel ${channel}, which has no session`);
        session.take(performative, payload);
        break;
      case 'begin':
        this.#onBegin(channel, performative);
        break;
      // What has ended may be ended again: the Python SDK does so when the keeper of its connection and its user close at once.
      case 'detach':
        session?.take(performative, payload);
        break;
      case 'end':
        this.#onEnd(channel, performative);
        break;
      case 'close':
        this.#onClose(performative);
        break;
      default:
        throw new ProtocolError(`a client sent ${performative.kind} when its connection was open`);
    }
  }

  #onBegin(channel: number, begin: Begin): void {
    if (this.#sessions.has(channel)) throw new ProtocolError(`a client began a session on channel ${channel} twice`);
    if (channel > CHANNEL_MAX) {
      throw new ProtocolError(`A connection has at most ${CHANNEL_MAX + 1} sessions.`, 'amqp:resource-limit-exceeded');
    }
    this.#sessions.set(channel, new Session(this, channel, begin));
  }

  #onEnd(channel: number, { error }: End): void {
    if (error) this.container.log(`AMQP: a client ended a session: ${textOf(error)}`);
    this.#sessions.get(channel)?.close();
    if (this.#sessions.delete(channel)) this.write(encodeFrame(channel, 'end', []));
  }

  #onClose({ error }: End): void {
    if (error) this.container.log(`AMQP: a client closed its connection: ${textOf(error)}`);
    this.write(encodeFrame(0, 'close', []));
    this.#wire.end();
  }

  /** Closes the connection of a client that did something wrong, with the reason where it can be said. */
  #refuse(error: unknown): void {
    const refusal = error instanceof Refusal ? error : new ProtocolError(String(error));
    // A mistake of the broker's own is told with its place.
    this.container.log(`AMQP: ${error instanceof Error && error !== refusal ? error.stack : refusal.message}`);
    if (this.#phase === 'amqp') this.#writeOpen();
    if (this.#phase === 'open') this.write(encodeFrame(0, 'close', [encodeError(refusal)]));
    this.#wire.end();
  }

  #writeOpen(): void {
    this.#phase = 'open';
    this.write(encodeFrame(0, 'open', [CONTAINER_ID, null, uint(MAX_FRAME_SIZE_BYTES), ushort(CHANNEL_MAX)]));
  }

  #ended(): void {
    clearTimeout(this.#opening);
    clearInterval(this.#heartbeats);
    for (const session of this.#sessions.values()) session.close();
  }
}
