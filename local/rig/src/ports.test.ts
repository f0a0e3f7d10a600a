import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePorts } from './ports.js';

describe('freePorts', () => {
  it('finds different ports that can be listened on', async () => {
    const ports = await freePorts(20);
    expect(new Set(ports).size).toBe(20);
    const servers = await Promise.all(
      ports.map(
        port =>
          new Promise(resolve => {
            const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
          }),
      ),
    );
    for (const server of servers as ReturnType<typeof createServer>[]) server.close();
  });
});
