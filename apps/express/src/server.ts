import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MAX_HEADERS_BYTES } from '@order-bench/orders';
import { type AppOptions, createApp } from './app.js';
import { Gate } from './gate.js';

/** What a server needs. */
export interface ServerOptions extends Omit<AppOptions, 'gate'> {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** An app that listens. */
export interface RunningServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /**
   * Answers 503 to every new order, waits for those in flight, then stops listening. Resolves to false where some were
   * still in flight after `limitMs`; their connections are cut.
   */
  stop(limitMs: number): Promise<boolean>;
}

/**
 * Starts one role's app.
 *
 * @throws {Error} where the address is taken
 */
export async function startServer({ host, port, ...options }: ServerOptions): Promise<RunningServer> {
  const gate = new Gate();
  const server = createServer({ maxHeaderSize: MAX_HEADERS_BYTES }, createApp({ ...options, gate }));
  // Longer than Dapr keeps an idle connection (90 s): a POST must not meet a connection that is being closed.
  server.keepAliveTimeout = 120_000;
  server.listen(port, host);
  await once(server, 'listening');

  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async stop(limitMs) {
      const isEmpty = await within(gate.close(), limitMs);
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      // Cutting a connection whose answer is still on its way would lose the answer.
      if (!isEmpty || !(await within(closed, LAST_ANSWERS_MS))) server.closeAllConnections();
      await closed;
      return isEmpty;
    },
  };
}

/** Time for answers already given to leave, once nothing is in flight. */
const LAST_ANSWERS_MS = 500;

/** Whether the promise resolved within the limit. */
function within(promise: Promise<void>, limitMs: number): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(false), limitMs);
    promise.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
