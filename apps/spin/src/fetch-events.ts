import {
  API_TOKEN_HEADER,
  CLOUD_EVENT_CONTENT_TYPE,
  EVENTS,
  type Events,
  PublishFailed,
  type PublishRequest,
} from '@order-bench/orders';
import { type FetchBindingsOptions, reasonOf } from './fetch-bindings.js';

/** Events over the web's `fetch`. */
export class FetchEvents implements Events {
  readonly #options: FetchBindingsOptions;

  constructor(options: FetchBindingsOptions) {
    this.#options = options;
  }

  publish(request: PublishRequest): Promise<void> {
    const { timeoutMs } = this.#options;
    return new Promise((resolve, reject) => {
      const late = new PublishFailed(request, `Dapr did not answer within ${timeoutMs} ms.`);
      const timer = setTimeout(() => reject(late), timeoutMs);
      this.#send(request)
        .then(resolve, error => reject(new PublishFailed(request, reasonOf(error))))
        .finally(() => clearTimeout(timer));
    });
  }

  async #send({ event, trace }: PublishRequest): Promise<void> {
    const { daprUrl, daprApiToken, fetch } = this.#options;
    const path = `/v1.0/publish/${EVENTS.pubsub}/${EVENTS.topic}?metadata.MessageId=${event.id}`;
    const response = await fetch(daprUrl + path, {
      method: 'POST',
      headers: {
        'content-type': CLOUD_EVENT_CONTENT_TYPE,
        ...(daprApiToken ? { [API_TOKEN_HEADER]: daprApiToken } : {}),
        ...trace,
      },
      body: JSON.stringify(event),
      // Only Dapr's own answer confirms it.
      redirect: 'manual',
    });
    const body = response.status === 204 ? '' : await response.text();
    if (!response.ok) throw new Error(`${response.status} ${body}`);
  }
}
