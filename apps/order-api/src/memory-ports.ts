import { orderWritten } from '@order-bench/orders';
import type { DeliveryRoutes } from './from-dapr.js';
import type { CachePort, PipelinePort, QueuePort, SendOptions, StatePort, Stored } from './ports.js';
import { DaprFailed, OrderTooLarge } from './ports.js';

/** For tests: a state in memory, which fails on demand. */
export class MemoryState implements StatePort {
  readonly values = new Map<string, Stored>();
  isAway = false;
  #version = 0;

  async get(key: string): Promise<Stored | undefined> {
    this.#mustBeThere();
    return this.values.get(key);
  }

  async create(key: string, value: unknown): Promise<boolean> {
    this.#mustBeThere();
    if (this.values.has(key)) return false;
    this.#set(key, value);
    return true;
  }

  async replace(key: string, value: unknown, etag: string): Promise<boolean> {
    this.#mustBeThere();
    if (this.values.get(key)?.etag !== etag) return false;
    this.#set(key, value);
    return true;
  }

  async remove(key: string, etag: string): Promise<boolean> {
    this.#mustBeThere();
    if (this.values.get(key)?.etag !== etag) return false;
    return this.values.delete(key);
  }

  #set(key: string, value: unknown): void {
    this.#version += 1;
    this.values.set(key, { value: structuredClone(value), etag: String(this.#version) });
  }

  #mustBeThere(): void {
    if (this.isAway) throw new DaprFailed('state', 'made up');
  }
}

/** For tests: a cache in memory, which fails on demand. */
export class MemoryCache implements CachePort {
  readonly values = new Map<string, unknown>();
  isAway = false;

  async get(key: string): Promise<unknown> {
    return this.isAway ? undefined : this.values.get(key);
  }

  async set(key: string, value: unknown): Promise<boolean> {
    if (!this.isAway) this.values.set(key, structuredClone(value));
    return !this.isAway;
  }
}

/** For tests: what was sent to the API's own queues; it fails on demand. */
export class MemoryQueue implements QueuePort {
  readonly sent: ({ readonly queue: string; readonly message: unknown } & SendOptions)[] = [];
  isAway = false;

  async send(queue: string, message: unknown, how: SendOptions): Promise<void> {
    if (this.isAway) throw new DaprFailed('pipeline', 'made up');
    this.sent.push({ queue, message: structuredClone(message), ...how });
  }
}

/** For tests: a pipeline that writes at once, unless it is stopped or away. */
export class MemoryPipeline implements PipelinePort {
  readonly sent: { readonly orderId: number; readonly text: string }[] = [];
  isWriting = true;
  isAway = false;
  isLate = false;
  /** Characters that a message may have. */
  limit = Number.POSITIVE_INFINITY;

  async send(order: { readonly orderId: number; readonly text: string }): Promise<void> {
    if (this.isAway || this.isLate) throw new DaprFailed('pipeline', 'made up', this.isLate);
    if (order.text.length > this.limit) throw new OrderTooLarge('made up');
    this.sent.push({ orderId: order.orderId, text: order.text });
  }

  /** Delivers that each order is written, once more each time, as the topic does. */
  async publishTo(routes: DeliveryRoutes): Promise<void> {
    if (!this.isWriting) return;
    for (const { orderId, text } of this.sent) {
      const { delivery } = JSON.parse(text) as { readonly delivery: string };
      const event = orderWritten({ orderId, delivery, text, value: {} }, new Date(0));
      const deliver = routes['/events/orders'] ?? routes['/events/webhooks'];
      await deliver?.(new TextEncoder().encode(JSON.stringify(event)));
    }
  }

  async readWritten(orderId: number): Promise<string | undefined> {
    return this.isWriting ? this.sent.find(order => order.orderId === orderId)?.text : undefined;
  }

  async list(
    route: string,
    { limit, marker }: { readonly limit: number; readonly marker?: string },
  ): ReturnType<PipelinePort['list']> {
    const names = this.sent
      .filter(({ text }) => new RegExp(`"delivery":\\s*"${route}"`, 'i').test(text))
      .map(({ orderId }) => String(orderId))
      .sort();
    const from = marker === undefined ? 0 : names.indexOf(marker);
    const next = names[from + limit];
    return { names: names.slice(from, from + limit), ...(next === undefined ? {} : { marker: next }) };
  }
}
