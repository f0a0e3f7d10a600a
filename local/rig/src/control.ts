import { createHash } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { join } from 'node:path';
import { privateTempDir } from './private-temp-dir.js';

/** What a running rig tells about itself through its control socket. */
export interface ControlStatus {
  readonly pid: number;
  /** The command that holds the checkout, e.g. `bench run` or `rig up`. */
  readonly command: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** This and the connection strings are there once a rig is up. */
  readonly logDir?: string;
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
 * Takes a checkout for one rig by listening on a Unix socket named after it. The system frees the socket when its
 * holder dies, so no stale lock can keep anybody out, however the holder went.
 *
 * @throws CheckoutBusy naming the holder, when one is alive.
 */
export async function holdCheckout(checkout: string, handlers: ControlHandlers): Promise<Control> {
  const path = await socketPath(checkout);
  const server = createServer((req, res) => {
    if (req.method === 'POST') handlers.stop();
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(handlers.status()));
  });
  if (!(await listens(server, path))) {
    const holder = await controlStatus(checkout);
    if (holder) {
      throw new CheckoutBusy(
        `this checkout is in use by '${holder.command}' (process ${holder.pid}, since ${holder.startedAt}): wait for it, or stop it with 'make rig-down'`,
      );
    }
    // Nobody answers: the socket file was left by a killed process.
    await unlink(path);
    if (!(await listens(server, path)))
      throw new CheckoutBusy('another command took this checkout at the same moment: try again');
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
  return ask('GET', await socketPath(checkout));
}

/** Asks the rig of a checkout to stop; undefined when none runs, else its last status. */
export async function controlStop(checkout: string): Promise<ControlStatus | undefined> {
  return ask('POST', await socketPath(checkout));
}

/** In the temporary folder, for a path inside a deep checkout may exceed the 104 bytes a socket's name may have. */
async function socketPath(checkout: string): Promise<string> {
  const name = createHash('sha256').update(checkout).digest('hex').slice(0, 16);
  return join(await privateTempDir(), `${name}.sock`);
}

function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => {
      server.off('listening', accepted);
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    const accepted = () => {
      server.off('error', refused);
      resolve(true);
    };
    server.once('error', refused);
    server.once('listening', accepted);
    server.listen(path);
  });
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
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else reject(error);
    });
    req.end();
  });
}
