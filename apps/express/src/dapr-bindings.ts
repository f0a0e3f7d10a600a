import { type DaprClient, HTTPClient } from '@dapr/dapr';
import { BindingFailed, type Bindings, BindingTimedOut, type CreateRequest, callBody } from '@order-bench/orders';

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

  #send(request: CreateRequest): Promise<unknown> {
    const { binding, order, metadata, trace } = request;
    const { daprClient } = this.#client;
    if ((trace === undefined && !hasNegativeZero(order.text)) || !(daprClient instanceof HTTPClient)) {
      return this.#client.binding.send(binding, 'create', order.value, metadata);
    }
    // What `send` does, with headers, which it does not take, and the order's own text.
    const headers = { ...trace, 'Content-Type': JSON_AS_IT_IS };
    return daprClient.execute(`/bindings/${binding}`, { method: 'POST', headers, body: callBody(request) });
  }
}

/** The client encodes a body of type application/json once more, and sends one of any other type as it is. */
const JSON_AS_IT_IS = 'application/json; charset=utf-8';

/** Whether JSON may hold a -0: the one number that Dapr passes on and JSON.stringify, by which `send` works, does not. */
function hasNegativeZero(json: string): boolean {
  return json.includes('-0') && NEGATIVE_ZERO.test(json);
}

/** In a string it may stand for nothing; such an order arrives all the same. */
const NEGATIVE_ZERO = /[[:,\s]-0[.0]*(?:[eE][+-]?\d+)?\s*[,}\]]/;
