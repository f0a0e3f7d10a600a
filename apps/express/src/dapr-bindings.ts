import type { DaprClient } from '@dapr/dapr';
import { BindingFailed, type Bindings, BindingTimedOut, type CreateRequest } from '@order-bench/orders';

/** What these bindings need. */
export interface DaprBindingsOptions {
  /** The one client of the process; it keeps its connections. */
  readonly client: DaprClient;
  /** Time Dapr has to confirm one write. */
  readonly timeoutMs: number;
}

/** Output bindings by @dapr/dapr, whose `send` rejects unless Dapr answered with success. */
export class DaprBindings implements Bindings {
  readonly #client: DaprClient;
  readonly #timeoutMs: number;
  #starting: Promise<void> | undefined;

  constructor({ client, timeoutMs }: DaprBindingsOptions) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  create(request: CreateRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      // The client takes neither a time limit nor a signal: a send that is too late is left to itself.
      const timer = setTimeout(() => {
        isLate = true;
        reject(new BindingTimedOut(request, this.#timeoutMs));
      }, this.#timeoutMs);
      this.#start()
        .then(() => (isLate ? undefined : this.#send(request)))
        .then(() => resolve())
        .catch((error: Error) => reject(new BindingFailed(request, error.message)))
        .finally(() => clearTimeout(timer));
    });
  }

  #send({ binding, order, metadata }: CreateRequest): Promise<object> {
    return this.#client.binding.send(binding, 'create', order.value, metadata);
  }

  /**
   * Waits until Dapr has been reached once. Left to the client, each send would wait by itself, and would still be sent
   * up to half a minute after its order was given up.
   */
  #start(): Promise<void> {
    if (this.#client.getIsInitialized()) return Promise.resolve();
    this.#starting ??= this.#client.start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }
}
