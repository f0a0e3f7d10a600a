import { createServer } from 'node:net';

/** Below the ports that Linux (32768+) and macOS (49152+) hand to outgoing connections, so that none is taken between check and use. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/**
 * Finds `count` TCP ports on 127.0.0.1 that nothing listens on, searching from a random place so that two rigs on one
 * machine seldom meet.
 *
 * @throws Error when the whole range holds fewer free ports than asked for.
 */
export async function freePorts(count: number): Promise<number[]> {
  const span = LAST_PORT - FIRST_PORT;
  const start = Math.floor(Math.random() * span);
  const found: number[] = [];
  for (let offset = 0; offset < span && found.length < count; offset++) {
    const port = FIRST_PORT + ((start + offset) % span);
    if (await isFree(port)) found.push(port);
  }
  if (found.length < count) {
    throw new Error(
      `only ${found.length} of ${count} ports are free between ${FIRST_PORT} and ${LAST_PORT}: stop what listens there`,
    );
  }
  return found;
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
