import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the system hands out by itself, and apart from the rig's. */
const FIRST_PORT = 10_000;
const PORTS = 10_000;

/**
 * A port on 127.0.0.1 that nothing listens on, drawn at random where the system hands out none: a test beside
 * this one that listens on any port does not take it before the app does.
 */
export async function freePort(): Promise<number> {
  const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    // Something listens there.
    return freePort();
  }
  probe.close();
  await once(probe, 'close');
  return port;
}
