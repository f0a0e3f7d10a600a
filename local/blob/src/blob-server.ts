import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAdmin, metricsOf } from './admin.js';
import { answerBlobRequest } from './blob-endpoint.js';
import { BlobStore } from './blob-store.js';
import { blobConnectionString } from './development-account.js';
import { type Fault, Faults } from './faults.js';
import { isLocalHost } from './local-host.js';
import { ModificationClock } from './modification-clock.js';

/** What {@link startBlobServer} takes; everything has a default. */
export interface BlobServerOptions {
  /** Port of the Blob REST API on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** Port of the admin HTTP endpoint on 127.0.0.1; 0, the default, takes a free one. */
  readonly httpPort?: number;
  /** What other machines call this one: it then listens on every address, and not on 127.0.0.1 alone. */
  readonly hostName?: string;
  /** Containers to make at once. */
  readonly containers?: readonly string[];
  /** Added to every operation of the Blob REST API before it takes effect; 0 by default. */
  readonly latencyMs?: number;
  /** Whether the admin endpoint can make it fail: for tests. */
  readonly faults?: boolean;
  /** Milliseconds since the epoch, with fractions; the process's high-resolution clock by default. */
  readonly now?: () => number;
}

/** A running blob server. */
export interface BlobServer {
  readonly port: number;
  readonly httpPort: number;
  /** For @azure/storage-blob and for Dapr's blob binding. */
  readonly connectionString: string;
  /** Stops listening and drops every connection; what was stored is gone. */
  close(): Promise<void>;
}

/**
 * Starts an in-memory blob server.
 *
 * @throws Error when a port is in use or may not be listened on, StorageError for a name that no container can have.
 */
export async function startBlobServer(options: BlobServerOptions = {}): Promise<BlobServer> {
  const { port = 0, httpPort = 0, hostName, containers = [], latencyMs = 0, now = highResolutionNow } = options;
  const host = hostName === undefined ? HOST : EVERY_ADDRESS;
  const store = new BlobStore(new ModificationClock(now));
  for (const name of containers) store.create(name, []);
  const metrics = metricsOf(store);
  const faults = options.faults ? new Faults() : undefined;
  const shared = { store, latencyMs, ...(faults && { faults }) };
  const blobs = createServer(
    named(hostName, (request, response) => void answerBlobRequest({ ...shared, request, response })),
  );
  const fail =
    faults &&
    ((fault: Fault | undefined) => changeFault({ faults, fault, server: blobs, at: { host, port: blobPort } }));
  const admin = createServer(
    named(hostName, (request, response) => void answerAdmin({ store, fail, metrics }, request, response)),
  );
  for (const server of [blobs, admin]) keepConnections(server);

  const blobPort = await listen(blobs, { host, port });
  const adminPort = await listen(admin, { host, port: httpPort }).catch(async (error: unknown) => {
    await close(blobs);
    throw error;
  });
  return {
    port: blobPort,
    httpPort: adminPort,
    connectionString: blobConnectionString(blobPort),
    close: async () => {
      // Under an outage the first does not listen.
      await Promise.all([blobs, admin].filter(server => server.listening).map(close));
    },
  };
}

interface FaultChange {
  readonly faults: Faults;
  /** Undefined: recover. */
  readonly fault: Fault | undefined;
  readonly server: Server;
  readonly at: Address;
}

async function changeFault({ faults, fault, server, at }: FaultChange): Promise<void> {
  const wasOut = faults.current?.kind === 'outage';
  faults.current = fault;
  if (fault?.kind === 'outage' && !wasOut) await close(server);
  if (fault?.kind !== 'outage' && wasOut) await listen(server, at);
}

const HOST = '127.0.0.1';
const EVERY_ADDRESS = '0.0.0.0';

const highResolutionNow = () => performance.timeOrigin + performance.now();

/** Answers 421 to a request that is not for this machine by its Host header. */
function named(hostName: string | undefined, listener: RequestListener): RequestListener {
  return (request, response) => {
    if (isLocalHost(request.headers.host, hostName)) return listener(request, response);
    request.resume();
    response.writeHead(421, { 'Content-Type': 'text/plain' });
    response.end('the Host header names another machine: call 127.0.0.1 or localhost\n');
  };
}

/**
 * A client that keeps a connection for its next request must never find it closed under it: a PUT into a connection
 * that the server is just closing fails, is retried, and shows up as a slow write. Only the client ends a connection.
 */
function keepConnections(server: Server): void {
  server.keepAliveTimeout = 0;
  server.headersTimeout = 0;
  server.requestTimeout = 0;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

function listen(server: Server, { host, port }: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => {
      const why = 'code' in cause && cause.code === 'EADDRINUSE' ? 'it is in use' : cause.message;
      reject(
        new Error(`cannot listen on port ${port} of ${host}: ${why}; stop what listens there or choose another port`, {
          cause,
        }),
      );
    });
    server.listen({ port, host, backlog: 1024 }, () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close(error => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
