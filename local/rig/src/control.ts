import { createServer, request } from 'node:http';
import { listenAlone, soleListener } from './sole-listener.js';

/** What a running rig tells about itself through its control socket. */
export interface ControlStatus {
  readonly pid: number;
  /** The command that holds the checkout, e.g. `bench run` or `rig up express-ts`. */
  readonly command: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** This, the URLs by process, the queues and the connection strings are there once a rig is up. */
  readonly logDir?: string;
  readonly urls?: Readonly<Record<string, string>>;
  /** Without subscriptions. */
  readonly queues?: readonly string[];
  readonly serviceBusConnectionString?: string;
  readonly blobConnectionString?: string;
  readonly processes: readonly { name: string; role: string; pid: number; restarts: number; logFile: string }[];
}

/** Another command of this checkout is at work. */
export class CheckoutBusy extends Error {
  override readonly name = 'CheckoutBusy';
}

/** The hold on a checkout: while it is open no second rig starts in it, and others can ask and stop it. */
export interface Control {
  close(): Promise<void>;
}

/** What the holder of a checkout answers others. */
export interface ControlHandlers {
  status(): ControlStatus;
  stop(): void;
}

/**
 * Takes a checkout for one rig by listening on a Unix socket that belongs to it. The system frees the socket when its
 * holder dies, so no stale lock can keep anybody out, however the holder went; of many who find it dead one gets it.
 *
 * @throws CheckoutBusy naming the holder, when one is alive.
 */
export async function holdCheckout(checkout: string, handlers: ControlHandlers): Promise<Control> {
  const server = createServer((req, res) => {
    if (req.method === 'POST') handlers.stop();
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(handlers.status()));
  });
  while (!(await listenAlone(server, checkout))) {
    const holder = await controlStatus(checkout);
    // One that does not answer has gone meanwhile: it is free again.
    if (holder) {
      throw new CheckoutBusy(
        `this checkout is in use by '${holder.command}' (process ${holder.pid}, since ${holder.startedAt}): wait for it, or stop it with 'make rig-down'`,
      );
    }
  }
  // The hold alone keeps no process alive.
  server.unref();
  return {
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Asks the rig of a checkout what it is; undefined when none runs. */
export async function controlStatus(checkout: string): Promise<ControlStatus | undefined> {
  return ask('GET', await soleListener(checkout));
}

/** Asks the rig of a checkout to stop; undefined when none runs, else its last status. */
export async function controlStop(checkout: string): Promise<ControlStatus | undefined> {
  return ask('POST', await soleListener(checkout));
}

function ask(method: 'GET' | 'POST', socket: string): Promise<ControlStatus | undefined> {
  return new Promise((resolve, reject) => {
    const req = request({ socketPath: socket, method, path: '/', timeout: 5_000 }, res => {
      const chunks: Buffer[] = [];
      res.on('data', chunk => chunks.push(chunk));
      res.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()) as ControlStatus));
    });
    req.on('timeout', () => req.destroy(new Error(`the rig behind ${socket} does not answer: end its process`)));
    req.on('error', (error: NodeJS.ErrnoException) => {
      // Reset: it went while it was asked.
      if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET'].includes(error.code ?? '')) resolve(undefined);
      else reject(error);
    });
    req.end();
  });
}
