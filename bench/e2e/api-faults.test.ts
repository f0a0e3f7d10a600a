import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { Partner } from '@order-bench/app-contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { prepareApi } from '../src/contenders/prepare-api.js';
import { type ApiRig, startApiRig } from '../src/sites/rig/api-rig.js';
import { ApiClient } from '../src/workload/api-client.js';
import { KEPT_EVENTS } from '../src/workload/order-api.js';

/** A component may have to be built first. */
const START_LIMIT_MS = 600_000;
/** What a killed daprd held comes back when its locks run out: sooner than Azure's 60 s. */
const LOCK_MS = 10_000;
const VICTIMS = [
  'app-orders-view',
  'daprd-orders-view',
  'app-orders-worker',
  'daprd-orders-worker',
  'app-receiver-express',
  'daprd-receiver-express',
  'app-orders-api',
  'daprd-orders-api',
];
const ORDERS_A_VICTIM = 10;
const LONGEST = { timeout: 120_000, interval: 200 };

describe.each(['express-ts', 'spin-ts'])('the Order API of %s, on a rig with real daprd', name => {
  let rig: ApiRig['rig'];
  let api: ApiClient;
  let partner: Partner;
  let secret: string;

  beforeAll(async () => {
    const started = await startApiRig({
      ...(await prepareApi(name)),
      ...{ token: 'secret', allowOrigin: [], restartOnFailure: true, lockDurationMs: LOCK_MS },
      runDir: await mkdtemp(join(tmpdir(), 'order-bench-test-')),
    });
    rig = started.rig;
    api = new ApiClient(started.url, 'secret');
    partner = await Partner.start();
    const { text } = await send(201, '/webhooks', { url: partner.url, events: ['order.written'] });
    ({ secret } = JSON.parse(text) as { readonly secret: string });
  }, START_LIMIT_MS);

  afterAll(async () => {
    await rig?.stop();
    await partner?.stop();
  });

  it('loses no accepted order and no webhook by kill -9 of any of its roles', { timeout: 900_000 }, async () => {
    const accepted: number[] = [];
    for (const victim of VICTIMS) {
      for (let order = 0; order < ORDERS_A_VICTIM / 2; order++) await acceptNext(accepted);
      rig.supervisor.kill(victim, 'SIGKILL');
      for (let order = 0; order < ORDERS_A_VICTIM / 2; order++) await acceptNext(accepted);
      await vi.waitFor(() => {
        expect(rig.supervisor.processes.find(process => process.name === victim)?.restarts).toBe(1);
      }, LONGEST);
    }
    const wanted = new Set(accepted.map(orderId => `evt_written_${orderId}`));
    await vi.waitFor(async () => {
      expect(new Set(await Promise.all(accepted.map(statusOf)))).toEqual(new Set(['written']));
    }, LONGEST);
    await vi.waitFor(() => expect(new Set(partner.received.map(({ id }) => id))).toEqual(wanted), LONGEST);
    for (const webhook of partner.received) expect(() => Partner.verify(webhook, secret)).not.toThrow();
    expect((await rig.broker.queues()).filter(({ deadLettered }) => deadLettered > 0)).toEqual([]);
    expect(await keptDeadLetters()).toBe(0);
  });

  it('keeps of each subscriber what it can not read, and goes on', { timeout: 300_000 }, async () => {
    const bus = new ServiceBusClient(rig.serviceBusConnectionString);
    try {
      const contentType = 'application/cloudevents+json';
      const unreadable = {
        specversion: '1.0',
        id: 'x',
        source: '/x',
        type: 'order.written',
        data: { orderId: 'none' },
      };
      await bus.createSender('orders').sendMessages([
        { body: Buffer.from('{'), contentType },
        { body: Buffer.from(JSON.stringify(unreadable)), contentType },
        { body: Buffer.from(JSON.stringify({ ...unreadable, type: 'order.shipped' })), contentType },
      ]);
      await vi.waitFor(async () => expect(await keptDeadLetters()).toBe(4), LONGEST);
      await send(202, '/orders', { orderId: 1000, delivery: 'Standard' });
      await vi.waitFor(async () => expect(await statusOf(1000)).toBe('written'), LONGEST);
      expect(await keptDeadLetters()).toBe(4);
    } finally {
      await bus.close();
    }
  });

  /** As a caller does that hears nothing: again and again. */
  function send(wanted: number, path: string, body: object) {
    const call = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    } as const;
    return api.until(wanted, path, call, { deadlineMs: Date.now() + LONGEST.timeout });
  }

  async function acceptNext(accepted: number[]): Promise<void> {
    const orderId = accepted.length + 1;
    await send(202, '/orders', { orderId, delivery: 'Express' });
    accepted.push(orderId);
  }

  async function statusOf(orderId: number): Promise<string> {
    const { text } = await api.call(`/orders/${orderId}`);
    return (JSON.parse(text) as { readonly status: string }).status;
  }

  async function keptDeadLetters(): Promise<number | undefined> {
    const queues = await rig.broker.queues();
    return queues.find(({ name }) => name === KEPT_EVENTS)?.active;
  }
});
