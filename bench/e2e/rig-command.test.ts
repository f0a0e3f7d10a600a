import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkoutDir, controlStatus, holdCheckout } from '@order-bench/rig';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const rig = (...args: string[]) =>
  execa(join(checkoutDir, 'bench/bin/rig.js'), args, { reject: false, all: true, stdin: 'ignore' });

// It holds the checkout, as a user's own does.
describe('a rig that is up', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    const { exitCode, all } = await rig('up', 'null-ts', '--detach');
    expect(exitCode, all).toBe(0);
  }, 120_000);
  afterAll(() => rig('down', '--force'));

  it('is not started again: its contender, URLs and the next command are told', async () => {
    const { exitCode, all } = await rig('up', 'null-ts', '--detach');
    expect(exitCode, all).toBe(0);
    expect(all).toMatch(/^already up\n'rig up null-ts'/);
    expect(all).toMatch(/^ {2}app-distributor +process \d+ +http:\/\/127\.0\.0\.1:\d+$/m);
    expect(all).toMatch(/^ {2}curl .*'\{"orderId":1,"delivery":"Express"\}' .*\/q-order-ingress$/m);
    expect(all).toContain('to end it: make rig-down');
  });

  it('gives way to another contender only when it was ended', async () => {
    const { exitCode, all } = await rig('up', 'express-ts', '--detach');
    expect(exitCode).toBe(2);
    expect(all).toMatch(/in use by 'rig up null-ts' \(process \d+\): end it first with make rig-down/);
  });

  it('takes the order that it says how to send, and shows that it was written', async () => {
    const { all: told } = await rig('status');
    const [send = '', look = ''] = told.match(/^ {2}curl .*$/gm) ?? [];
    expect(await execa({ shell: true, reject: false })`${send}`).toMatchObject({ exitCode: 0 });
    await expect
      .poll(async () => (await execa({ shell: true })`${look}`).stdout, { timeout: 20_000, interval: 100 })
      .toContain('{"name":"express-outbox","blobs":1,');
  });

  it('is ended without a question', async () => {
    const { exitCode, all } = await rig('down');
    expect(exitCode, all).toBe(0);
    expect(all).toMatch(/^stopped 'rig up null-ts' \(process \d+\)$/);
    expect(await controlStatus(checkoutDir)).toBeUndefined();
  });
});

it('without a contender it has queues and blobs alone', { timeout: 60_000 }, async () => {
  try {
    const { exitCode, all } = await rig('up', '--detach');
    expect(exitCode, all).toBe(0);
    const holder = await controlStatus(checkoutDir);
    expect(holder?.serviceBusConnectionString).toMatch(/^Endpoint=/);
    expect(holder?.processes.map(({ name }) => name).sort()).toEqual(['blob', 'broker']);
  } finally {
    await rig('down', '--force');
  }
});

it('a measurement is not stopped by rig down, where nobody can be asked, but by --force', async () => {
  const startedAt = new Date().toISOString();
  const status = () => ({ pid: process.pid, command: 'bench compare', startedAt, processes: [] });
  let isStopped = false;
  const stop = () => {
    isStopped = true;
  };
  const control = await holdCheckout(checkoutDir, { status, stop });
  const refused = await rig('down');
  expect(refused.exitCode).toBe(2);
  expect(refused.all).toMatch(
    /'bench compare' \(process \d+\) is measuring, .*: to stop it all the same, make rig-down FORCE=1/,
  );
  expect((await controlStatus(checkoutDir))?.command).toBe('bench compare');
  expect(isStopped).toBe(false);
  const forced = rig('down', '--force');
  await vi.waitUntil(() => isStopped, { timeout: 20_000 });
  await control.close();
  expect(await forced).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("stopped 'bench compare'") });
});

it('bench api prints lines that work as they stand, until Ctrl-C', { timeout: 120_000 }, async () => {
  const api = spawn('node', [join(checkoutDir, 'bench/dist/main.js'), 'api'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(api, 'exit');
  try {
    const lines: string[] = [];
    for await (const line of createInterface({ input: api.stdout })) {
      lines.push(line);
      if (line.startsWith('curl ') && line.includes('limit=2')) break;
    }
    const told = lines.slice(lines.findIndex(line => line.startsWith('export API=')));
    expect(told).toHaveLength(6);
    const { stdout } = await execa({ shell: '/bin/bash' })`${told.join('\n')}`;
    const statuses = [...stdout.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses, stdout).toEqual(['202', '200', '200', '202', '200']);
  } finally {
    api.kill('SIGINT');
  }
  expect(await ended).toEqual([0, null]);
});
