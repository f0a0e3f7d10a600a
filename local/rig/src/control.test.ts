import { mkdtemp } from 'node:fs/promises';
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
});
