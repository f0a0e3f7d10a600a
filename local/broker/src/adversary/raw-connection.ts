import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { rheaFrames as frames, type RheaFrame } from './rhea-frames.js';

type Fields = Readonly<Record<string, unknown>>;

const terminus = createRequire(import.meta.url)('rhea/lib/terminus.js') as Record<
  'source' | 'target',
  (fields: Fields) => { described(): unknown }
>;

/** Begins a connection without a SASL layer. */
export const AMQP_HEADER = Buffer.from('414d515000010000', 'hex');

/** Encodes a frame. */
export function frame(performative: object, payload?: Buffer, channel = 0): Buffer {
  return frames.write_frame({ type: 0, channel, performative, ...(payload ? { payload } : {}) });
}

/** Encodes a frame from the bytes of its performative, whatever they are. */
export function frameOf(body: Buffer, channel = 0): Buffer {
  const encoded = Buffer.concat([Buffer.alloc(8), body]);
  encoded.writeUInt32BE(encoded.length);
  encoded[4] = 2;
  encoded.writeUInt16BE(channel, 6);
  return encoded;
}

/** A SASL layer's header and an init that names the mechanism. */
export function sasl(mechanism: string): Buffer {
  const name = Buffer.from(mechanism);
  const body = Buffer.concat([Buffer.from([0x00, 0x53, 0x41, 0xc0, name.length + 3, 1, 0xa3, name.length]), name]);
  const encoded = frameOf(body);
  encoded[5] = 1;
  return Buffer.concat([Buffer.from('414d515003010000', 'hex'), encoded]);
}

/** What opens a connection. */
export function open(fields: Fields = {}): Buffer {
  return frame(frames.open({ container_id: 'adversary', ...fields }));
}

/** What begins a session. */
export function begin(channel = 0): Buffer {
  const fields = { next_outgoing_id: 0, incoming_window: 2048, outgoing_window: 2048 };
  return frame(frames.begin(fields), undefined, channel);
}

/** What attaches a link to `address`; the client is its sender or its receiver. */
export function attach(
  role: 'sender' | 'receiver',
  address: string,
  handle = 0,
  name = `${role}-${handle}`,
  initialDeliveryCount = 0,
): Buffer {
  return frame(
    frames.attach({
      name,
      handle,
      role: role === 'receiver',
      snd_settle_mode: 0,
      rcv_settle_mode: role === 'receiver' ? 1 : 0,
      source: terminus.source({ address }).described(),
      target: terminus.target({ address }).described(),
      initial_delivery_count: initialDeliveryCount,
    }),
  );
}

/** Gives credit on a link. */
export function flow(fields: Fields): Buffer {
  const session = { next_incoming_id: 0, incoming_window: 2048, next_outgoing_id: 0, outgoing_window: 2048 };
  return frame(frames.flow({ ...session, ...fields }));
}

/** One frame of a message that is sent on link 0. */
export function transfer(fields: { id: number; more?: boolean; format?: number }, payload: Buffer): Buffer {
  const { id, more = false, format = 0 } = fields;
  const tag = Buffer.from(String(id));
  return frame(
    frames.transfer({ handle: 0, delivery_id: id, delivery_tag: tag, message_format: format, settled: false, more }),
    payload,
  );
}

/** A client that sends bytes and not what an SDK would. */
export class RawConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', chunk => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    // The broker may reset a connection; what counts is that it is gone.
    socket.on('error', () => undefined);
  }

  /** Connects and says nothing yet. It does not close its side when the broker closes its own. */
  static async to(port: number): Promise<RawConnection> {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** Connects and opens a connection with one session. */
  static async openTo(port: number, ...more: Buffer[]): Promise<RawConnection> {
    const connection = await RawConnection.to(port);
    connection.write(AMQP_HEADER, open(), begin(), ...more);
    return connection;
  }

  write(...bytes: Buffer[]): void {
    this.#socket.write(Buffer.concat(bytes));
  }

  /** Writes, reads what has come, and waits until the broker has taken the bytes. */
  async push(bytes: Buffer): Promise<void> {
    await setImmediate();
    if (this.isClosed || this.#socket.write(bytes)) return;
    await new Promise<void>(resolve => {
      this.#socket.once('drain', resolve).once('close', resolve);
    });
  }

  get isClosed(): boolean {
    return this.#socket.destroyed || this.#socket.readableEnded;
  }

  /** What came so far. */
  get received(): Buffer {
    return this.#received;
  }

  /** The frames of it, where it began without a SASL layer. */
  frames(): RheaFrame[] {
    const read: RheaFrame[] = [];
    for (let at = AMQP_HEADER.length; at + 4 <= this.#received.length; ) {
      const size = this.#received.readUInt32BE(at);
      if (at + size > this.#received.length) break;
      read.push(frames.read_frame(this.#received.subarray(at, at + size)) as RheaFrame);
      at += size;
    }
    return read;
  }

  /** The AMQP error with which the broker closed a link, session or the connection, if it did. */
  get error(): string | undefined {
    for (const { performative } of this.frames()) {
      const { error } = (performative ?? {}) as { error?: { condition: string } };
      if (error) return error.condition;
    }
    return undefined;
  }

  /** Closes its own half of the connection. */
  end(): void {
    this.#socket.end();
  }

  /** Leaves without a word. */
  destroy(): void {
    this.#socket.destroy();
  }
}
