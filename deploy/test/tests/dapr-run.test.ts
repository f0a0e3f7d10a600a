import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const hasDapr = !(await execa('dapr', ['--version'], { reject: false })).failed;
const reason = hasDapr ? '' : " (skipped: no dapr on the PATH, Dapr's CLI)";

let home: string;

describe.skipIf(!hasDapr)(`dapr run -f${reason}`, () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'dapr-home-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('starts a contender by the file made for it, and an order becomes a blob', async () => {
    await command('rig-main.js', 'up', '--detach');
    try {
      const [, file = ''] = /^dapr run -f (.+)$/m.exec(await command('main.js', 'dapr-yaml', 'null-ts')) ?? [];
      const { urls } = JSON.parse(await command('rig-main.js', 'status', '--json')) as Status;
      // Nothing was ever installed by `dapr init`.
      const running = execa('dapr', ['run', '-f', file], {
        cwd: checkoutDir,
        env: { HOME: home },
        all: true,
        reject: false,
        stdin: 'ignore',
      });
      try {
        await vi
          .waitUntil(async () => (await send(7)) === 200, { timeout: 60_000, interval: 500 })
          .catch(async () => {
            running.kill('SIGINT');
            expect.fail((await running).all);
          });
        await expect
          .poll(async () => (await fetch(urls.blob)).text(), { timeout: 30_000, interval: 200 })
          .toContain('{"name":"express-outbox","blobs":1,');
      } finally {
        running.kill('SIGINT');
        await running;
      }
    } finally {
      await command('rig-main.js', 'down', '--force');
    }
  });
});

interface Status {
  readonly urls: { readonly blob: string };
}

/** The status of an order's POST to the distributor; 0 where nobody listens yet. */
async function send(orderId: number): Promise<number> {
  const body = JSON.stringify({ orderId, delivery: 'Express' });
  const sent = fetch('http://127.0.0.1:3001/q-order-ingress', { method: 'POST', body });
  return sent.then(({ status }) => status).catch(() => 0);
}

/** What a command of this checkout prints. */
async function command(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa('node', [join(checkoutDir, 'bench', 'dist', program), ...args], {
    cwd: checkoutDir,
    stdin: 'ignore',
  });
  return stdout;
}
