import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

describe('the blob command', () => {
  it('serves until it is told to stop', async () => {
    const run = start(['--port', '0', '--http-port', '0', '--container', 'one', '--container', 'two']);
    const [line] = (await once(run.process.stdout, 'data')) as [Buffer];
    const port = /admin on 127\.0\.0\.1:(\d+)/.exec(line.toString())?.[1];
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${port}/containers`)).json()).toMatchObject({
      containers: [{ name: 'one' }, { name: 'two' }],
    });
    run.process.kill('SIGTERM');
    expect(await run.exitCode).toBe(0);
  });

  it('explains itself', async () => {
    const run = start(['--help']);
    expect(await run.exitCode).toBe(0);
    expect(run.output()).toContain('--latency-ms');
  });

  it.each([[['--port', 'x']], [['--latency-ms', '-1']], [['--nonsense']]])('exits 2 for %j', async args => {
    const run = start(args);
    expect(await run.exitCode).toBe(2);
    expect(run.output()).toContain('error:');
  });

  it('says which port is in use', async () => {
    const taken = createServer().listen({ port: 0, host: '127.0.0.1' });
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const run = start(['--port', String(port), '--http-port', '0']);
    expect(await run.exitCode).toBe(1);
    expect(run.output()).toContain(`cannot listen on port ${port} of 127.0.0.1: it is in use`);
    taken.close();
  });
});

function start(args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = new Promise<number | null>(resolve => child.once('close', code => resolve(code)));
  return { process: child, exitCode, output: () => output };
}
