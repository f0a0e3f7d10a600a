import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { claimPorts, type PortClaim } from './ports.js';
import { ProcessFailed, type ProcessSpec } from './process-spec.js';
import { usageByGroup } from './process-usage.js';
import { Supervisor } from './supervisor.js';

const SERVER = "require('http').createServer((_, r) => r.end('ok')).listen(+process.argv[1], '127.0.0.1')";

describe('the supervisor', () => {
  let logDir: string;
  let claim: PortClaim;
  let port: number;
  let supervisor: Supervisor | undefined;

  beforeEach(async () => {
    logDir = await mkdtemp(join(tmpdir(), 'supervisor-'));
    claim = await claimPorts(1);
    [port = 0] = claim.ports;
  });
  afterEach(async () => {
    await supervisor?.stop();
    claim.release();
  });

  const node = (script: string, name = 'server'): ProcessSpec => ({
    name,
    role: 'app',
    command: [process.execPath, '-e', script, `${port}`],
    readyUrl: `http://127.0.0.1:${port}/`,
  });

  it('keeps settings of runtimes that a user has for other programs from what it starts', async () => {
    const leftOut = {
      GOMAXPROCS: '1',
      GOGC: 'off',
      GOMEMLIMIT: '64MiB',
      GODEBUG: 'gctrace=1',
      NODE_OPTIONS: '--max-old-space-size=64',
      UV_THREADPOOL_SIZE: '1',
    };
    for (const [name, value] of Object.entries({ ...leftOut, LANG: 'de_DE.UTF-8' })) vi.stubEnv(name, value);
    supervisor = new Supervisor({ logDir });
    const names = JSON.stringify([...Object.keys(leftOut), 'LANG']);
    const script = `console.log(${names}.filter(name => name in process.env)); ${SERVER}`;
    await supervisor.start([node(script)]);
    expect(await readFile(supervisor.processes[0]?.logFile ?? '', 'utf8')).toContain("[ 'LANG' ]");
    vi.unstubAllEnvs();
  });

  it('waits until a process is ready, counts its cost, and ends it', async () => {
    supervisor = new Supervisor({ logDir });
    await supervisor.start([node(SERVER)]);
    const pid = supervisor.processes[0]?.pid ?? 0;
    const usage = (await usageByGroup(new Set([pid]))).get(pid);
    expect(usage?.cpuMs).toBeGreaterThan(0);
    expect(usage?.rssBytes).toBeGreaterThan(10 * 2 ** 20);
    await supervisor.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('names a process that died, its exit code and its last words', async () => {
    supervisor = new Supervisor({ logDir });
    const dies = "const die = () => { console.error('disk on fire'); process.exit(3) }; process.on('SIGUSR2', die);";
    await supervisor.start([node(dies + SERVER)]);
    supervisor.kill('server', 'SIGUSR2');
    const failure = await supervisor.failure.catch((error: unknown) => error);
    expect(String(failure)).toMatch(/server exited with code 3[\s\S]*disk on fire/);
  });

  it('says at once when a process ends before it is ready', async () => {
    supervisor = new Supervisor({ logDir });
    await expect(supervisor.start([node("throw new Error('no config')")])).rejects.toThrow(
      /exited with code 1[\s\S]*no config/,
    );
  });

  it('says which program could not be started', async () => {
    supervisor = new Supervisor({ logDir });
    const missing = { ...node(''), command: ['no-such-program'] };
    await expect(supervisor.start([missing])).rejects.toThrow(/server could not be started \(no-such-program\)/);
  });

  it('restarts what was killed where it is told to', async () => {
    supervisor = new Supervisor({ logDir, restartOnFailure: true });
    await supervisor.start([node(SERVER)]);
    supervisor.kill('server', 'SIGKILL');
    await vi.waitUntil(() => supervisor?.processes[0]?.restarts === 1, { timeout: 10_000 });
    await supervisor.ready('server');
  });

  it('keeps down what was taken down while it waited for its restart', async () => {
    supervisor = new Supervisor({ logDir, restartOnFailure: true });
    const idle = { ...node('setInterval(() => {}, 1000)', 'idle'), readyUrl: `http://127.0.0.1:${port}/` };
    await supervisor.start([node(SERVER), idle]);
    const [{ pid } = { pid: 0 }] = supervisor.processes;
    supervisor.kill('server', 'SIGKILL');
    await vi.waitUntil(() => !isAlive(pid));
    await supervisor.takeDown('server');
    // Its pause began later, so that the other's is over when it is restarted.
    supervisor.kill('idle', 'SIGKILL');
    await vi.waitUntil(() => supervisor?.processes[1]?.restarts === 1, { timeout: 10_000 });
    expect(supervisor.processes[0]).toMatchObject({ name: 'server', pid, restarts: 0 });
    await supervisor.bringUp('server');
    expect(supervisor.processes[0]?.restarts).toBe(1);
  });

  it('ends a process that ignores SIGTERM because it is stopped', async () => {
    supervisor = new Supervisor({ logDir });
    await supervisor.start([node(SERVER)]);
    const pid = supervisor.processes[0]?.pid ?? 0;
    supervisor.kill('server', 'SIGSTOP');
    await supervisor.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('leaves nothing behind when its own process is killed with kill -9', async () => {
    const script = join(logDir, 'parent.mjs');
    await writeFile(
      script,
      `import { spawn } from 'node:child_process';
       import { Supervisor } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
       const supervisor = new Supervisor({ logDir: ${JSON.stringify(logDir)} });
       await supervisor.start([${JSON.stringify(node(SERVER))}]);
       const own = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
       supervisor.guard(own);
       process.send([supervisor.processes[0].pid, own.pid]);`,
    );
    const parent = fork(script);
    const [pids] = (await once(parent, 'message')) as [number[]];
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    await vi.waitUntil(() => !pids.some(isAlive), { timeout: 10_000 });
    expect(await readFile(join(logDir, 'server.log'), 'utf8')).toBe('');
  });

  it('is an error of its own kind, so that a command can tell it from a defect', async () => {
    supervisor = new Supervisor({ logDir });
    const failure = await supervisor.start([node('process.exit(1)')]).catch((error: unknown) => error);
    expect((failure as Error).name).toBe(ProcessFailed.name);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
