import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CheckoutBusy, type ControlStatus, controlStatus, controlStop, holdCheckout } from './control.js';

describe('the hold on a checkout', () => {
  let checkout: string;
  let stopped: boolean;
  const status: ControlStatus = { pid: 1, command: 'bench run', startedAt: '2026-01-01T00:00:00.000Z', processes: [] };
  const hold = () =>
    holdCheckout(checkout, {
      status: () => status,
      stop: () => {
        stopped = true;
      },
    });

  beforeEach(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'checkout-'));
    stopped = false;
  });

  it('refuses a second holder and names the first', async () => {
    const control = await hold();
    await expect(hold()).rejects.toThrow(CheckoutBusy);
    await expect(hold()).rejects.toThrow("'bench run' (process 1");
    await control.close();
  });

  it('is free again after its holder let go', async () => {
    await (await hold()).close();
    await (await hold()).close();
    expect(await controlStatus(checkout)).toBeUndefined();
  });

  it('tells others what runs and passes their wish to stop on', async () => {
    const control = await hold();
    expect(await controlStatus(checkout)).toEqual(status);
    expect(stopped).toBe(false);
    await controlStop(checkout);
    expect(stopped).toBe(true);
    await control.close();
  });

  it('goes to one of many who find its holder killed', async () => {
    const script = join(checkout, 'taker.mjs');
    await writeFile(script, TAKER);
    const checkouts = Array.from({ length: 25 }, (_, round) => join(checkout, `${round}`));
    const [killed, ...takers] = Array.from({ length: 3 }, () => fork(script));
    if (!killed) throw new Error('unreachable: there are three');
    for (const each of checkouts) expect(await take(killed, each, 1)).toEqual(['held']);
    const gone = once(killed, 'exit');
    killed.kill('SIGKILL');
    await gone;
    for (const each of checkouts) {
      const outcomes = (await Promise.all(takers.map(taker => take(taker, each, 3)))).flat();
      expect(outcomes.sort()).toEqual([...Array(5).fill('CheckoutBusy'), 'held']);
    }
    for (const taker of takers) taker.kill();
  });
});

/** Tries to take a checkout as often as it is told, all at once, and keeps what it got. */
const TAKER = `
  import { holdCheckout } from ${JSON.stringify(new URL('../dist/control.js', import.meta.url).href)};
  const handlers = { status: () => ({ pid: process.pid, command: 'taker', startedAt: '', processes: [] }), stop() {} };
  process.on('message', async ({ checkout, times }) => {
    const tries = Array.from({ length: times }, () => holdCheckout(checkout, handlers));
    process.send(await Promise.all(tries.map(held => held.then(() => 'held', error => error.name))));
  });`;

async function take(taker: ChildProcess, checkout: string, times: number): Promise<string[]> {
  const answer = once(taker, 'message');
  taker.send({ checkout, times });
  const [outcomes] = (await answer) as [string[]];
  return outcomes;
}
