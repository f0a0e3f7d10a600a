import {
  API_TOKEN_HEADER,
  BINDING_TIME_LIMIT_MS,
  BindingFailed,
  type Bindings,
  BindingTimedOut,
  type Order,
  OUTBOX_BINDING,
  type Route,
} from '@order-bench/orders';
import { FetchBindings, reasonOf } from '@order-bench/spin-app/bindings';
import {
  type CachePort,
  DaprFailed,
  type Listed,
  OrderTooLarge,
  type PipelinePort,
  type QueuePort,
  type SendOptions,
  type StatePort,
  type Stored,
} from './ports.js';

/** What the ports to Dapr need. */
export interface DaprOptions {
  /** Where Dapr's HTTP API is, as `http://host:port` without a slash at the end. */
  readonly daprUrl: string;
  /** Sent to Dapr with every call; empty sends none. */
  readonly daprApiToken: string;
  readonly fetch: typeof fetch;
}

const STATE_STORE = 'orders-state';
const CACHE_STORE = 'orders-cache';
const INGRESS = 'q-order-ingress-out';

/** How long the cache keeps what it was given, seconds. */
const CACHE_TTL_S = 600;

/**
 * The API's state in Dapr's state store. By `fetch` in both flavours: of @dapr/dapr's client `get` drops the validator, and
 * `save` resolves with an error in place of throwing it.
 */
export class DaprState implements StatePort {
  readonly #dapr: Dapr;

  constructor(options: DaprOptions) {
    this.#dapr = new Dapr('state', options);
  }

  async get(key: string): Promise<Stored | undefined> {
    const { status, headers, text } = await this.#dapr.call(
      'GET',
      `/v1.0/state/${STATE_STORE}/${key}?consistency=strong`,
    );
    if (status === 204 || text === '') return undefined;
    if (status !== 200) throw this.#dapr.failed(status, text);
    return { value: JSON.parse(text), etag: headers.get('etag') ?? '' };
  }

  async create(key: string, value: unknown): Promise<boolean> {
    return this.#save({ key, value });
  }

  async replace(key: string, value: unknown, etag: string): Promise<boolean> {
    return this.#save({ key, value, etag });
  }

  async remove(key: string, etag: string): Promise<boolean> {
    const query = 'concurrency=first-write&consistency=strong';
    const path = `/v1.0/state/${STATE_STORE}/${key}?${query}`;
    const { status, text } = await this.#dapr.call('DELETE', path, { headers: { 'if-match': etag } });
    if (status === 204) return true;
    if (status === 409) return false;
    const found = await this.get(key);
    if (found?.etag !== etag) return false;
    throw this.#dapr.failed(status, text);
  }

  /** First write wins: without a validator only where there is nothing. */
  async #save(item: { readonly key: string; readonly value: unknown; readonly etag?: string }): Promise<boolean> {
    const body = JSON.stringify([{ ...item, options: { concurrency: 'first-write', consistency: 'strong' } }]);
    const { status, text } = await this.#dapr.call('POST', `/v1.0/state/${STATE_STORE}`, { body });
    if (status === 204) return true;
    if (status === 409) return false;
    // With some stores a lost create is a 500 like any other: whether it was lost shows when it is read again.
    const found = await this.get(item.key);
    if (found && found.etag !== item.etag) return false;
    throw this.#dapr.failed(status, text);
  }
}

/** What orders-api's own daprd keeps in memory, for as long as it likes. */
export class DaprCache implements CachePort {
  readonly #dapr: Dapr;

  constructor(options: DaprOptions) {
    this.#dapr = new Dapr('state', options);
  }

  async get(key: string): Promise<unknown> {
    try {
      const { status, text } = await this.#dapr.call('GET', `/v1.0/state/${CACHE_STORE}/${key}`);
      return status === 200 && text !== '' ? (JSON.parse(text) as unknown) : undefined;
    } catch {
      return undefined;
    }
  }

  async set(key: string, value: unknown): Promise<boolean> {
    try {
      const body = JSON.stringify([{ key, value, metadata: { ttlInSeconds: String(CACHE_TTL_S) } }]);
      return (await this.#dapr.call('POST', `/v1.0/state/${CACHE_STORE}`, { body })).status === 204;
    } catch {
      return false;
    }
  }
}

/** The API's own queues through Dapr's bindings. */
export class DaprQueue implements QueuePort {
  readonly #dapr: Dapr;

  constructor(options: DaprOptions) {
    this.#dapr = new Dapr('pipeline', options);
  }

  async send(queue: Parameters<QueuePort['send']>[0], data: unknown, { id, atMs }: SendOptions): Promise<void> {
    const at = atMs === undefined ? {} : { ScheduledEnqueueTimeUtc: new Date(atMs).toISOString() };
    const body = JSON.stringify({ operation: 'create', data, metadata: { MessageId: id, ...at } });
    const { status, text } = await this.#dapr.call('POST', `/v1.0/bindings/${queue}-out`, { body });
    if (status !== 204 && status !== 200) throw this.#dapr.failed(status, text);
  }
}

/** The pipeline through Dapr's bindings. */
export class DaprPipeline implements PipelinePort {
  readonly #dapr: Dapr;
  readonly #bindings: Bindings;

  constructor(options: DaprOptions) {
    this.#dapr = new Dapr('pipeline', options);
    this.#bindings = new FetchBindings({ ...options, timeoutMs: BINDING_TIME_LIMIT_MS });
  }

  async send(order: Order): Promise<void> {
    try {
      await this.#bindings.create({ binding: INGRESS, order, metadata: { MessageId: String(order.orderId) } });
    } catch (error) {
      if (!(error instanceof BindingFailed || error instanceof BindingTimedOut)) throw error;
      if (isTooLarge(error.message)) throw new OrderTooLarge(error.message);
      throw new DaprFailed('pipeline', error.message, error instanceof BindingTimedOut);
    }
  }

  async readWritten(orderId: number, route: Route): Promise<string | undefined> {
    const { status, text } = await this.#invoke(
      OUTBOX_BINDING[route],
      JSON.stringify({ operation: 'get', metadata: { blobName: String(orderId) } }),
    );
    if (status === 200 && text !== '') return text;
    if (isNotFound(status, text)) return undefined;
    throw this.#dapr.failed(status, text);
  }

  /**
   * Dapr's binding tells where the page began that it gave, and not where the next one begins (components-contrib 1.18.4): a
   * page is therefore listed from the start, up to its end, and the names up to the marker's are left out. A page may be
   * shorter than asked for where orders came in before it; none is left out, and none comes twice.
   */
  async list(route: Route, { limit, marker }: { readonly limit: number; readonly marker?: string }): Promise<Listed> {
    const [, before = '0', last = ''] = /^(\d{1,7}):(.*)$/.exec(marker ?? '') ?? [];
    // One more, which tells whether there is a next page.
    const data = { maxResults: Number(before) + limit + 1 };
    const answer = await this.#invoke(OUTBOX_BINDING[route], JSON.stringify({ operation: 'list', data }));
    if (answer.status !== 200) throw this.#dapr.failed(answer.status, answer.text);
    const blobs = JSON.parse(answer.text) as readonly { readonly Name: string }[] | null;
    const after = (blobs ?? []).map(({ Name }) => Name).filter(name => name > last);
    const names = after.slice(0, limit);
    if (after.length <= limit) return { names };
    return { names, marker: `${(blobs ?? []).length - after.length + names.length}:${names.at(-1)}` };
  }

  #invoke(binding: string, body: string) {
    return this.#dapr.call('POST', `/v1.0/bindings/${binding}`, { body });
  }
}

/** Dapr passes the storage's own words on. */
function isNotFound(status: number, text: string): boolean {
  return status >= 400 && /BlobNotFound|blob not found/i.test(text);
}

/** The words of Service Bus's clients and of its protocol for a message over the limit of the link. */
function isTooLarge(reason: string): boolean {
  return /message is too large|message-size-exceeded|MessageSizeExceeded/i.test(reason);
}

interface DaprAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What goes with a call. */
interface Sent {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const MAX_REASON_CHARACTERS = 300;

/** Calls to one daprd, each with a time limit. */
class Dapr {
  readonly #of: 'state' | 'pipeline';
  readonly #options: DaprOptions;

  constructor(of: 'state' | 'pipeline', options: DaprOptions) {
    this.#of = of;
    this.#options = options;
  }

  /** @throws DaprFailed where Dapr can't be reached, or does not answer in time. */
  async call(method: string, path: string, { body, headers }: Sent = {}): Promise<DaprAnswer> {
    const { daprUrl, daprApiToken, fetch } = this.#options;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new DaprFailed(this.#of, `Dapr did not answer within ${BINDING_TIME_LIMIT_MS} ms.`, true)),
        BINDING_TIME_LIMIT_MS,
      );
    });
    const answer = async () => {
      const response = await fetch(daprUrl + path, {
        method,
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(daprApiToken === '' ? {} : { [API_TOKEN_HEADER]: daprApiToken }),
        },
        // Only Dapr's own answer counts.
        redirect: 'manual',
        ...(body === undefined ? {} : { body }),
      });
      const text = response.status === 204 ? '' : await response.text();
      return { status: response.status, headers: response.headers, text };
    };
    const answered = answer().catch((error: Error) => {
      throw new DaprFailed(this.#of, `Dapr can't be reached: ${reasonOf(error)}`);
    });
    return Promise.race([answered, tooLate]).finally(() => clearTimeout(timer));
  }

  failed(status: number, text: string): DaprFailed {
    const reason = text.slice(0, MAX_REASON_CHARACTERS).replace(/\s+/g, ' ').trim();
    return new DaprFailed(this.#of, `Dapr answered ${status}: ${reason}`);
  }
}
