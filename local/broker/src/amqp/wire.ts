import type { Socket } from 'node:net';

/** A client that does not end its side of a closed connection loses it after this time. */
const CLOSE_WITHIN_MS = 1000;

/** What a wire is to its connection. */
export interface WireOptions {
  readonly socket: Socket;
  /** How many bytes the next piece has, by its first four; may throw. */
  readonly sizeOf: (received: Buffer) => number;
  /** Takes a piece; may throw. */
  readonly take: (piece: Buffer) => void;
  /** What was thrown. */
  readonly failed: (error: unknown) => void;
  /** The client is gone, or was sent away. Called once. */
  readonly ended: () => void;
}

/** A socket that gives whole pieces, protocol headers or frames, and writes what one turn of the event loop gave it at once. */
export class Wire {
  readonly #options: WireOptions;
  readonly #socket: Socket;
  #received: Buffer | undefined;
  #unwritten: Buffer[] = [];
  #isOpen = true;

  constructor(options: WireOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.#socket.on('data', chunk => this.#receive(chunk));
    // A connection that breaks is closed too, and that is all there is to say of it.
    this.#socket.on('error', () => undefined);
    this.#socket.once('close', () => this.#close());
  }

  /** Writes a piece with the others of this turn. Those for a client that is gone are dropped. */
  write(piece: Buffer): void {
    if (this.#isOpen && this.#unwritten.push(piece) === 1) process.nextTick(() => this.#flush());
  }

  /**
   * Ends both directions. What still comes is thrown away; to close at once would take from the client what it has not
   * read yet, an error among it. To the broker the client is gone from now on.
   */
  end(): void {
    if (!this.#isOpen) return;
    this.#flush();
    this.#socket.removeAllListeners('data').resume();
    const closing = setTimeout(() => this.#socket.destroy(), CLOSE_WITHIN_MS);
    this.#socket.once('close', () => clearTimeout(closing));
    this.#socket.end();
    this.#close();
  }

  /** Closes the socket without a word. */
  destroy(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    let left = this.#received ? Buffer.concat([this.#received, chunk]) : chunk;
    try {
      while (this.#isOpen && left.length >= 4) {
        const sizeBytes = this.#options.sizeOf(left);
        if (sizeBytes > left.length) break;
        this.#options.take(left.subarray(0, sizeBytes));
        left = left.subarray(sizeBytes);
      }
    } catch (error) {
      this.#options.failed(error);
    }
    this.#received = left.length > 0 ? left : undefined;
  }

  #flush(): void {
    const [first, ...more] = this.#unwritten;
    this.#unwritten = [];
    if (first && !this.#socket.destroyed)
      this.#socket.write(more.length === 0 ? first : Buffer.concat([first, ...more]));
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#options.ended();
  }
}
