import type { DaprClient } from '@dapr/dapr';
import { CLOUD_EVENT_CONTENT_TYPE, EVENTS, type Events, PublishFailed, type PublishRequest } from '@order-bench/orders';
import type { DaprBindingsOptions } from './dapr-bindings.js';

/** Events by @dapr/dapr, whose `publish` resolves with an error in place of throwing it. */
export class DaprEvents implements Events {
  readonly #client: DaprClient;
  readonly #timeoutMs: number;

  constructor({ client, timeoutMs }: DaprBindingsOptions) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  publish(request: PublishRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = new PublishFailed(request, `Dapr did not answer within ${this.#timeoutMs} ms.`);
      const timer = setTimeout(() => reject(late), this.#timeoutMs);
      const { event } = request;
      this.#client.pubsub
        .publish(EVENTS.pubsub, EVENTS.topic, event, {
          contentType: CLOUD_EVENT_CONTENT_TYPE,
          metadata: { MessageId: event.id },
        })
        .then(({ error }) => (error ? reject(new PublishFailed(request, error.message)) : resolve()))
        .catch((error: Error) => reject(new PublishFailed(request, error.message)))
        .finally(() => clearTimeout(timer));
    });
  }
}
