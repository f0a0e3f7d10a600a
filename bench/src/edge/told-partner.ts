import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebhookSink } from '../workload/webhook-sink.js';
import type { ApiEdge } from './api-edge.js';
import { writtenOrders } from './written-orders.js';

/** A partner that is told of an API's orders by webhooks, and tells k6 when. */
export interface ToldPartner {
  /** `GET <url>/orders/<id>` is answered once it has taken that order's webhook: `{"atMs", "isRepeated"}`, as `TakenWebhook`. */
  readonly url: string;
  /** @throws Error where it was not told of each written order, or was told anything else, or not signed. */
  check(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

const LOOK_LIMIT_MS = 60_000;

/**
 * Starts one, and registers it with the API.
 *
 * @throws Error where the API does not take it within a minute.
 */
export async function startToldPartner({ client }: ApiEdge, signal: AbortSignal): Promise<ToldPartner> {
  const sink = await WebhookSink.start(client, { deadlineMs: Date.now() + LOOK_LIMIT_MS, signal });
  const server = createServer(async ({ url = '' }, response) => {
    const taken = await sink.taken(url.slice('/orders/'.length));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(taken));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    check: async signal => {
      const { failures } = sink.findings(await writtenOrders(client, signal));
      if (failures.length > 0) throw new Error(`the partner was not told as is due: ${failures.join('; ')}`);
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await sink.stop();
    },
  };
}
