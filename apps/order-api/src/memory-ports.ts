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

/** What ends a process in the middle of its work. */
class Killed extends Error {
  override readonly name = 'Killed';
}

/** For tests: lets a process that works through its ports die right after a number of their operations. */
export class Fuse {
  #left: number;

  /** @param operations after which it dies; none by default. */
  constructor(operations = Number.POSITIVE_INFINITY) {
    this.#left = operations;
  }

  /** The same port, on this fuse. */
  guard<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return async (...given: unknown[]): Promise<unknown> => {
          if (this.#left <= 0) throw new Killed();
          const result: unknown = await member.apply(target, given);
          this.#left -= 1;
          if (this.#left <= 0) throw new Killed();
          return result;
        };
      },
    });
  }
}

/**
 * For tests: plays something that is killed after its first operation on a port, and then comes again, after its second and so
 * on, until it is through.
 *
 * @returns how many operations it takes.
 */
export async function killedEverywhere(play: (fuse: Fuse) => Promise<void>): Promise<number> {
  for (let operations = 1; ; operations++) {
    try {
      await play(new Fuse(operations));
      return operations - 1;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await play(new Fuse());
    }
  }
}
