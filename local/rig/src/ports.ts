import { createServer, type Server } from 'node:net';

/** Below the ports that Linux (32768+) and macOS (49152+) hand to outgoing connections, so that none is taken between check and use. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
/**
 * Ports are given out in blocks, one to a rig of three apps. The first port of a block is its claim: whoever listens there
 * may use the others.
 */
const BLOCK_PORTS = 25;

/** Ports that no other rig on this machine is given. */
export interface PortClaim {
  readonly ports: readonly number[];
  /** Gives them back, once nothing listens there. The end of this process does so too. */
  release(): void;
}

/**
 * Claims `count` TCP ports on 127.0.0.1 that nothing listens on. A rig binds its ports one after the other, and again
 * after a restart, so that another one may start in between: being free is not enough.
 *
 * @throws Error when fewer are free than asked for.
 */
export async function claimPorts(count: number): Promise<PortClaim> {
  const blocks = (LAST_PORT - FIRST_PORT) / BLOCK_PORTS;
  const start = Math.floor(Math.random() * blocks);
  const claims: Server[] = [];
  const release = () => {
    for (const claim of claims) claim.close();
  };
  const ports: number[] = [];
  for (let offset = 0; offset < blocks; offset++) {
    const first = FIRST_PORT + ((start + offset) % blocks) * BLOCK_PORTS;
    const claim = await listen(first);
    if (!claim) continue;
    claims.push(claim);
    for (let port = first + 1; port < first + BLOCK_PORTS; port++) {
      if (ports.length === count) return { ports, release };
      if (await isPortFree(port)) ports.push(port);
    }
  }
  release();
  throw new Error(
    `only ${ports.length} of ${count} ports are free between ${FIRST_PORT} and ${LAST_PORT}: stop what listens there`,
  );
}

/** Whether nothing listens on a port of 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  const probe = await listen(port);
  if (probe) await new Promise(resolve => probe.close(resolve));
  return probe !== undefined;
}

/** A server that keeps no process alive; undefined where the port is taken. */
function listen(port: number): Promise<Server | undefined> {
  return new Promise(resolve => {
    const server = createServer().unref();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}
