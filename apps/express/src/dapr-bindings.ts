import { type DaprClient, HTTPClient } from '@dapr/dapr';
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

  constructor({ client, timeoutMs }: DaprBindingsOptions) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
    // Otherwise the client waits for Dapr before its first call, a minute long, and sends what was given up meanwhile;
    // a Dapr that is away or refuses its token shall fail an order at once, the first one too.
    client.daprClient.setIsInitialized(true);
  }

  create(request: CreateRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      // The client takes neither a time limit nor a signal: a send that is too late is left to itself.
      const timer = setTimeout(() => reject(new BindingTimedOut(request, this.#timeoutMs)), this.#timeoutMs);
      this.#send(request)
        .then(() => resolve())
        .catch((error: Error) => reject(new BindingFailed(request, error.message)))
        .finally(() => clearTimeout(timer));
    });
  }

  #send({ binding, order, metadata, trace }: CreateRequest): Promise<unknown> {
    const { daprClient } = this.#client;
    if (trace === undefined || !(daprClient instanceof HTTPClient)) {
      return this.#client.binding.send(binding, 'create', order.value, metadata);
    }
    // What `send` does, with the headers that it does not take.
    const body = { operation: 'create', data: order.value, metadata };
    return daprClient.execute(`/bindings/${binding}`, { method: 'POST', headers: { ...trace }, body });
  }
}
