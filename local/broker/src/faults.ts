import type { Server, Socket } from 'node:net';
import type { QueueEvent } from './event-log.js';
import { delayedBy, type Later } from './latency.js';

/** What a broker that was started with `faults` has besides: ways to fail on demand, and a log of all events. */
export class Faults {
  /** Everything that happened to a message since the start; it grows as long as the broker runs. */
  readonly events: QueueEvent[] = [];
  readonly #sockets = new Set<Socket>();
  #acknowledge: Later = delayedBy(0);

  record = (event: QueueEvent): void => {
    this.events.push(event);
  };

  /** Tells a consumer that its settlement took effect, after the delay that is set. */
  acknowledge: Later = action => this.#acknowledge(action);

  /** From now on acknowledgements of settlements leave this much later than they took effect, milliseconds. */
  delayAcknowledgements(delayMs: number): void {
    this.#acknowledge = delayedBy(delayMs);
  }

  /** Keeps track of the connections to a server, so that they can be dropped. */
  watch(server: Server): void {
    server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Resets every connection. @returns how many there were. */
  dropConnections(): number {
    const dropped = this.#sockets.size;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    return dropped;
  }
}
