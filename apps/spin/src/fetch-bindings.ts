import {
  API_TOKEN_HEADER,
  BindingFailed,
  type Bindings,
  BindingTimedOut,
  type CreateRequest,
  callBody,
} from '@order-bench/orders';

/** What these bindings need. */
export interface FetchBindingsOptions {
  /** Where Dapr's HTTP API is, as `http://host:port` without a slash at the end. */
  readonly daprUrl: string;
  /** Sent to Dapr with every call; undefined or empty sends none. */
  readonly daprApiToken?: string | undefined;
  readonly fetch: typeof fetch;
  /** Time Dapr has to confirm one write. */
  readonly timeoutMs: number;
}

/** Output bindings over the web's `fetch`, which Spin and Node both have. */
export class FetchBindings implements Bindings {
  readonly #daprUrl: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;

  constructor({ daprUrl, daprApiToken, fetch, timeoutMs }: FetchBindingsOptions) {
    this.#daprUrl = daprUrl;
    this.#headers = daprApiToken ? { ...JSON_BODY, [API_TOKEN_HEADER]: daprApiToken } : JSON_BODY;
    this.#fetch = fetch;
    this.#timeoutMs = timeoutMs;
  }

  create(request: CreateRequest): Promise<void> {
    // Spin's JavaScript engine has no AbortController. A race with a timer ends the wait in any case; where there is
    // one it also ends the call.
    const abort = typeof AbortController === 'undefined' ? undefined : new AbortController();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new BindingTimedOut(request, this.#timeoutMs));
        abort?.abort();
      }, this.#timeoutMs);
      this.#send(request, abort?.signal)
        .then(resolve, error => reject(new BindingFailed(request, reasonOf(error))))
        .finally(() => clearTimeout(timer));
    });
  }

  /** Rejects unless Dapr answered with success. */
  async #send(request: CreateRequest, signal: AbortSignal | undefined): Promise<void> {
    const { trace } = request;
    const response = await this.#fetch(`${this.#daprUrl}/v1.0/bindings/${request.binding}`, {
      method: 'POST',
      headers: trace ? { ...this.#headers, ...trace } : this.#headers,
      body: bodyOf(callBody(request)),
      duplex: 'half',
      // Only Dapr's own answer confirms a write; one that was sent elsewhere does not.
      redirect: 'manual',
      signal: signal ?? null,
    });
    // A body left unread would keep Node from using the connection again.
    const body = response.status === 204 ? '' : await response.text();
    if (!response.ok) throw new Error(`${response.status} ${body}`);
  }
}

const JSON_BODY = { 'content-type': 'application/json' };

/**
 * The most that a Spin host takes in one write. Spin's JavaScript engine writes a body at once and, beyond this, starts
 * over before the host is ready, which ends the component. It concerns orders just below the size limit, which the
 * envelope lifts above it.
 */
const ONE_WRITE_BYTES = 1_048_576;

/** Time for the host to take the first write, which it does as soon as its connection stands. */
const BETWEEN_WRITES_MS = 50;

function bodyOf(envelope: string): string | ReadableStream<Uint8Array> {
  // No character of a string has more than three bytes; this spares nearly every order the counting.
  if (envelope.length * 3 <= ONE_WRITE_BYTES) return envelope;
  const bytes = new TextEncoder().encode(envelope);
  return bytes.length <= ONE_WRITE_BYTES ? envelope : inTwoWrites(bytes);
}

function inTwoWrites(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(bytes.slice(0, ONE_WRITE_BYTES));
      await new Promise(resolve => setTimeout(resolve, BETWEEN_WRITES_MS));
      controller.enqueue(bytes.slice(ONE_WRITE_BYTES));
      controller.close();
    },
  });
}

/** Why a call by `fetch` failed: Node's says only "fetch failed" and puts the reason into the cause. */
export function reasonOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
