import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { AmqpServer } from './amqp-server.js';
import { systemClock } from './clock.js';
import { Entities } from './entities.js';
import { Faults } from './faults.js';
import { createHttpServer } from './http-server.js';
import { delayedBy } from './latency.js';
import { defaultQueueSettings, type QueueSettings, readQueueSettings } from './settings.js';

const HOST = '127.0.0.1';
const EVERY_ADDRESS = '0.0.0.0';

/** How a broker is started; every field may be left out. */
export interface BrokerOptions {
  /** AMQP port; 0, the default, takes a free one. */
  readonly port?: number;
  /** Port of the HTTP endpoint; 0, the default, takes a free one. */
  readonly httpPort?: number;
  /** What other machines call this one: it then listens on every address, and not on 127.0.0.1 alone. */
  readonly hostName?: string;
  /** Names of the queues to create. */
  readonly queues?: readonly string[];
  /** Topics to create by name, each with the names of its subscriptions. */
  readonly topics?: Readonly<Record<string, readonly string[]>>;
  /** Settings of each queue, topic and subscription where they differ from `defaultQueueSettings`. */
  readonly queueSettings?: Partial<QueueSettings>;
  /** Delay added to each operation (send, receive, settle, request), milliseconds; 0 by default. */
  readonly latencyMs?: number;
  /** Records of settled messages that each queue keeps; 20,000 by default. */
  readonly settledCapacity?: number;
  /** Whether it can be told over HTTP to fail, and logs every event in memory: for tests. */
  readonly faults?: boolean;
  /** Gets a line about a client that breaks the protocol; standard error by default. */
  readonly log?: (line: string) => void;
}

/** A running broker. */
export interface Broker {
  readonly port: number;
  readonly httpPort: number;
  /** For the Azure SDKs and for daprd. */
  readonly connectionString: string;
  /** Stops listening, drops all connections and forgets all messages. */
  close(): Promise<void>;
}

/** Starts a broker. @throws Error naming the port when it is taken, TypeError naming a wrong setting. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const defaults = readQueueSettings(options.queueSettings ?? {}, defaultQueueSettings);
  const faults = options.faults ? new Faults() : undefined;
  const entities = new Entities({
    now: systemClock,
    settledCapacity: options.settledCapacity ?? 20_000,
    ...(faults && { faults }),
  });
  for (const name of options.queues ?? []) entities.put(name, defaults);
  for (const [topic, subscriptions] of Object.entries(options.topics ?? {})) {
    entities.putTopic(topic, defaults);
    for (const name of subscriptions) entities.putSubscription(topic, name, defaults);
  }
  const { hostName } = options;
  const address = hostName === undefined ? HOST : EVERY_ADDRESS;

  const amqp = new AmqpServer({
    host: address,
    port: options.port ?? 0,
    entities,
    later: delayedBy(options.latencyMs ?? 0),
    log: options.log ?? console.error,
  });
  faults?.watch(amqp.server);
  const http = createHttpServer({
    entities,
    defaults,
    ...(faults && { faults }),
    ...(hostName !== undefined && { hostName }),
  });
  const close = async () => {
    entities.close();
    const httpClosed = http.listening ? new Promise(resolve => http.close(resolve)) : undefined;
    http.closeAllConnections();
    await amqp.close();
    await httpClosed;
  };
  try {
    const port = await listening(amqp.server, { flag: '--port', port: options.port ?? 0 });
    http.listen(options.httpPort ?? 0, address);
    const httpPort = await listening(http, { flag: '--http-port', port: options.httpPort ?? 0 });
    return { port, httpPort, connectionString: serviceBusConnectionString(port), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The connection string with which @azure/service-bus and Dapr reach a broker on `port` of a host, by plain AMQP. The
 * key is the one that every Service Bus emulator shares, and no secret.
 */
export function serviceBusConnectionString(port: number, host = HOST): string {
  const key = 'SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE';
  return `Endpoint=sb://${host}:${port};${key};UseDevelopmentEmulator=true;`;
}

/** Waits until the server listens. @returns its port. */
async function listening(server: Server, asked: { flag: string; port: number }): Promise<number> {
  try {
    if (!server.listening) await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const what = `port ${asked.port} on ${HOST} is in use`;
    throw new Error(`${what}: stop the process that has it, or choose another with ${asked.flag}`, { cause: error });
  }
  return (server.address() as AddressInfo).port;
}
