import type { QueueEvent } from '@order-bench/broker';
import { readJson } from './read-json.js';

/** Counts of one queue, topic or subscription now (a topic holds only what is scheduled), and its counters since the start or the last purge, as local/broker reports them. */
export interface QueueState {
  readonly name: string;
  readonly active: number;
  readonly scheduled: number;
  readonly locked: number;
  readonly deferred: number;
  readonly deadLettered: number;
  readonly counters: {
    readonly delivered: number;
    readonly redelivered: number;
    readonly locksExpired: number;
    readonly locksRenewed: number;
    readonly [counter: string]: number;
  };
}

/** Where one message is, or how it ended. */
export interface MessageTrace {
  readonly messageId: string;
  readonly state: string;
  readonly deliveryCount: number;
  readonly enqueuedAtMs: number;
  readonly scheduledAtMs?: number;
  readonly firstDeliveredAtMs?: number;
  readonly settledAtMs?: number;
  readonly outcome?: string;
}

/** The broker's side door: counters and per-message times over HTTP, outside the measured AMQP path. */
export class BrokerAdmin {
  constructor(readonly url: string) {}

  async queues(): Promise<QueueState[]> {
    return (await readJson<{ queues: QueueState[] }>(`${this.url}/queues`)).queues;
  }

  /** Live messages and the most recent settled ones of a queue. */
  async messages(queue: string): Promise<MessageTrace[]> {
    return (await readJson<{ messages: MessageTrace[] }>(`${this.url}/queues/${encodeURIComponent(queue)}/messages`))
      .messages;
  }

  /** Empties a queue, its scheduled messages and its dead letters, and sets its counters to zero. */
  async purge(queue: string): Promise<void> {
    await readJson(`${this.url}/queues/${encodeURIComponent(queue)}/messages`, { method: 'DELETE' });
  }

  /** Lets a queue hold this many bytes, so that sends are refused above it; without a number as many as at its start. */
  async limitSize(queue: string, maxSizeBytes?: number): Promise<void> {
    const body = maxSizeBytes === undefined ? {} : { maxSizeBytes };
    await readJson(`${this.url}/queues/${encodeURIComponent(queue)}`, { method: 'PUT', body });
  }

  /** All that happened to messages since the start. This and what follows: only in a rig that was started with `faults`. */
  async events(): Promise<QueueEvent[]> {
    return (await readJson<{ events: QueueEvent[] }>(`${this.url}/events`)).events;
  }

  /** Acknowledgements of settlements leave this much later than they took effect, milliseconds, until set anew. */
  async delayAcknowledgements(delayMs: number): Promise<void> {
    await readJson(`${this.url}/faults/acknowledgement-delay`, { method: 'PUT', body: { delayMs } });
  }

  /** Resets every AMQP connection. */
  async dropConnections(): Promise<void> {
    await readJson(`${this.url}/faults/drop-connections`, { method: 'POST' });
  }

  /** Ends every lock as if its time had run out. */
  async breakLocks(): Promise<void> {
    await readJson(`${this.url}/faults/break-locks`, { method: 'POST' });
  }
}
