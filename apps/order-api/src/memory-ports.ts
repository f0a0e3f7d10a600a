import type { PipelinePort, StatePort, Stored } from './ports.js';
import { DaprFailed } from './ports.js';

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

  #set(key: string, value: unknown): void {
    this.#version += 1;
    this.values.set(key, { value: structuredClone(value), etag: String(this.#version) });
  }

  #mustBeThere(): void {
    if (this.isAway) throw new DaprFailed('state', 'made up');
  }
}

/** For tests: a pipeline that writes at once, unless it is stopped or away. */
export class MemoryPipeline implements PipelinePort {
  readonly sent: { readonly orderId: number; readonly text: string }[] = [];
  isWriting = true;
  isAway = false;

  async send(order: { readonly orderId: number; readonly text: string }): Promise<void> {
    if (this.isAway) throw new DaprFailed('pipeline', 'made up');
    this.sent.push({ orderId: order.orderId, text: order.text });
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
