import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { claimPorts } from './ports.js';

describe('claimPorts', () => {
  // Every search begins at the same place, so that it is not chance that keeps two of them apart.
  beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0.5));
  afterEach(() => vi.restoreAllMocks());

  it('finds different ports that can be listened on, more than a block of them too', async () => {
    const { ports, release } = await claimPorts(60);
    expect(new Set(ports).size).toBe(60);
    const servers = ports.map(port => createServer().listen(port, '127.0.0.1'));
    await Promise.all(servers.map(server => once(server, 'listening')));
    for (const server of servers) server.close();
    release();
  });

  it('never gives two rigs the same port, though nobody listens there yet', async () => {
    const claims = await Promise.all(Array.from({ length: 5 }, () => claimPorts(19)));
    expect(new Set(claims.flatMap(({ ports }) => ports)).size).toBe(5 * 19);
    for (const { release } of claims) release();
  });

  it('passes over what another process has claimed', async () => {
    const script = join(await mkdtemp(join(tmpdir(), 'ports-')), 'other.mjs');
    await writeFile(
      script,
      `import { claimPorts } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
       Math.random = () => 0.5;
       process.send((await claimPorts(19)).ports);
       process.on('message', () => {});`,
    );
    const other = fork(script);
    const [taken] = (await once(other, 'message')) as [number[]];
    const { ports, release } = await claimPorts(19);
    expect(taken).toHaveLength(19);
    expect(ports.filter(port => taken.includes(port))).toEqual([]);
    release();
    other.kill('SIGKILL');
    await once(other, 'exit');
  });

  it('passes over a port that something else listens on', async () => {
    const first = await claimPorts(19);
    const foreignPort = first.ports[3] as number;
    const foreign = createServer().listen(foreignPort, '127.0.0.1');
    await once(foreign, 'listening');
    first.release();
    const second = await claimPorts(19);
    expect(second.ports).toHaveLength(19);
    expect(second.ports).not.toContain(foreignPort);
    second.release();
    foreign.close();
  });
});
