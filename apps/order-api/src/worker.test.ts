import { orderWritten } from '@order-bench/orders';
import { Webhook as Receiver } from 'standardwebhooks';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PARTNER_TIME_LIMIT_MS } from './deliver-webhook.js';
import { handleDelivery } from './from-dapr.js';
import { Fuse, killedEverywhere, MemoryPipeline, MemoryQueue, MemoryState } from './memory-ports.js';
import { ATTEMPT_DELAYS_MS, MOST_FAILURES, type Webhook, withNewSecret } from './webhook.js';
import { KEPT_DELIVERIES, readDeliveries } from './webhook-deliveries.js';
import type { WebhookAttempt } from './webhook-message.js';
import { newWebhookSecret } from './webhook-signature.js';
import { changeWebhooks, readWebhooks } from './webhook-store.js';
import { type WorkerOptions, workerRoutes } from './worker.js';

const SECRET = newWebhookSecret();
const HOOK: Webhook = {
  id: 'wh_1',
  url: 'https://partner.example/hook',
  events: ['order.written'],
  state: 'active',
  secret: SECRET,
  failures: 0,
};
const EVENT = orderWritten({ orderId: 7, delivery: 'Express', text: '{}', value: {} }, new Date(0));

/** What reached the partner. */
interface Received {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly redirect: string | undefined;
}

let state: MemoryState;
let queue: MemoryQueue;
let nowMs: number;
let received: Received[];
let partner: (request: Received) => Response | Promise<Response>;

beforeEach(async () => {
  state = new MemoryState();
  queue = new MemoryQueue();
  // The library of the receivers reads the real clock.
  nowMs = Date.now();
  received = [];
  partner = () => new Response(null, { status: 204 });
  await hooksAre(HOOK);
});

async function hooksAre(...webhooks: Webhook[]): Promise<void> {
  await changeWebhooks(state, async () => ({ webhooks, result: undefined }));
}

function deliver(path: '/events/webhooks' | '/q-webhooks', message: unknown, fuse = new Fuse()) {
  const body = new TextEncoder().encode(JSON.stringify(message));
  const options: WorkerOptions = {
    state: fuse.guard(state),
    pipeline: new MemoryPipeline(),
    queue: fuse.guard(queue),
    async fetch(url, { method = '', headers = {}, body: text, redirect } = {}) {
      const request = { url: String(url), method, headers: Object.fromEntries(new Headers(headers)), redirect };
      received.push({ ...request, body: String(text ?? '') });
      return partner({ ...request, body: String(text ?? '') });
    },
    webhookRules: { isLocal: false },
    webhookOrigin: 'orders.example',
    now: () => nowMs,
    random: () => 0,
  };
  const request = {
    method: 'POST',
    path,
    query: new URLSearchParams(),
    header: () => undefined,
    body: async () => body,
  };
  return handleDelivery(request, { routes: workerRoutes(options), appApiToken: '' });
}

const publish = (fuse?: Fuse) => deliver('/events/webhooks', EVENT, fuse);
const work = (attempt: unknown, fuse?: Fuse) => deliver('/q-webhooks', attempt, fuse);

/** Publishes, and makes the first attempt. */
async function tell(): Promise<void> {
  await publish();
  for (const { message } of queue.sent.splice(0)) expect((await work(message)).status).toBe(200);
}

const hook = async (id = 'wh_1') => (await readWebhooks(state)).find(each => each.id === id);

describe('an event', () => {
  it('is a message for each webhook that wants it and is not disabled', async () => {
    await hooksAre(HOOK, { ...HOOK, id: 'wh_2', state: 'pending' }, { ...HOOK, id: 'wh_3', state: 'disabled' });
    expect(await publish()).toMatchObject({ status: 200, body: '{"status":"SUCCESS"}' });
    expect(queue.sent).toEqual([
      { queue: 'q-webhooks', id: 'evt_written_7.wh_1.1', message: expect.objectContaining({ webhookId: 'wh_1' }) },
      { queue: 'q-webhooks', id: 'evt_written_7.wh_2.1', message: expect.objectContaining({ webhookId: 'wh_2' }) },
    ]);
  });

  it('comes again where the queue is away', async () => {
    queue.isAway = true;
    expect((await publish()).status).toBe(502);
  });

  it('reaches every webhook though the worker is killed between any two steps', async () => {
    await hooksAre(HOOK, { ...HOOK, id: 'wh_2' });
    await killedEverywhere(async fuse => {
      await publish(fuse);
      const told = queue.sent.splice(0).map(({ message }) => (message as WebhookAttempt).webhookId);
      expect(new Set(told)).toEqual(new Set(['wh_1', 'wh_2']));
    });
  });
});

describe('a webhook', () => {
  it('is signed so that the library of its receivers takes it', async () => {
    await tell();
    const [{ url, method, headers, body, redirect } = fail()] = received;
    expect({ url, method, redirect }).toEqual({ url: HOOK.url, method: 'POST', redirect: 'manual' });
    expect(new Receiver(SECRET).verify(body, { ...headers })).toEqual({
      type: 'order.written',
      timestamp: EVENT.time,
      data: { orderId: 7, delivery: 'express', href: '/orders/7' },
    });
    expect(headers).toMatchObject({ 'webhook-id': 'evt_written_7', 'content-type': 'application/json' });
    expect(await readDeliveries(state, 'wh_1')).toMatchObject([
      { eventId: 'evt_written_7', attempt: 1, status: 204, outcome: 'delivered' },
    ]);
    expect(queue.sent).toEqual([]);
  });

  it('is signed by the old secret too while a new one takes its place', async () => {
    const fresh = newWebhookSecret();
    await hooksAre(withNewSecret(HOOK, fresh, nowMs));
    await tell();
    const [{ headers, body } = fail()] = received;
    for (const secret of [SECRET, fresh]) expect(() => new Receiver(secret).verify(body, { ...headers })).not.toThrow();
    expect(() => new Receiver(newWebhookSecret()).verify(body, { ...headers })).toThrow();
  });

  it('goes only to a partner that agreed, which is asked once', async () => {
    await hooksAre({ ...HOOK, state: 'pending' });
    partner = ({ method }) =>
      new Response(null, method === 'OPTIONS' ? { headers: { 'webhook-allowed-origin': 'Orders.example' } } : {});
    await tell();
    await tell();
    expect(received.map(({ method }) => method)).toEqual(['OPTIONS', 'POST', 'POST']);
    expect(received[0]?.headers).toMatchObject({ 'webhook-request-origin': 'orders.example' });
    expect(await hook()).toMatchObject({ state: 'active' });
  });

  it.each([
    ['says nothing', () => new Response(null)],
    ['means another', () => new Response(null, { headers: { 'webhook-allowed-origin': 'other.example' } })],
    ['refuses', () => new Response(null, { status: 405, headers: { 'webhook-allowed-origin': '*' } })],
    ['sends elsewhere', () => new Response(null, { status: 302, headers: { location: 'https://other.example/' } })],
  ])('goes not to a partner that %s, and is tried again later', async (_what, answer) => {
    await hooksAre({ ...HOOK, state: 'pending' });
    partner = answer;
    await tell();
    expect(received.map(({ method }) => method)).toEqual(['OPTIONS']);
    expect(await hook()).toMatchObject({ state: 'pending' });
    expect(queue.sent).toMatchObject([{ message: { attempt: 2 }, atMs: nowMs + 5_000 }]);
    expect(await readDeliveries(state, 'wh_1')).toMatchObject([
      { outcome: 'retry', reason: expect.stringContaining('did not agree') },
    ]);
  });

  it.each([301, 307, 400, 404, 429, 500, 502, 503, 504])('that is answered with %i comes again', async status => {
    partner = () => new Response(null, { status, headers: { location: 'https://other.example/' } });
    await tell();
    expect(received).toHaveLength(1);
    expect(queue.sent).toEqual([
      {
        queue: 'q-webhooks',
        id: 'evt_written_7.wh_1.2',
        message: expect.objectContaining({ attempt: 2, eventId: 'evt_written_7' }),
        atMs: nowMs + 5_000,
      },
    ]);
  });

  it('waits as long as its partner asks for', async () => {
    partner = () => new Response(null, { status: 503, headers: { 'retry-after': '90' } });
    await tell();
    expect(queue.sent).toMatchObject([{ atMs: nowMs + 90_000 }]);
  });

  it('is tried ten times by the schedule, with the same id and body and a time and signature of its own', async () => {
    partner = () => new Response(null, { status: 500 });
    await publish();
    const startMs = nowMs;
    const waits: number[] = [];
    for (let next = queue.sent.shift(); next; next = queue.sent.shift()) {
      waits.push((next.atMs ?? nowMs) - nowMs);
      nowMs = next.atMs ?? nowMs;
      await work(next.message);
    }
    expect(waits).toEqual(ATTEMPT_DELAYS_MS);
    expect(new Set(received.map(({ headers, body }) => headers['webhook-id'] + body)).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers['webhook-signature'])).size).toBe(10);
    expect(received[9]?.headers['webhook-timestamp']).toBe(String(Math.floor(nowMs / 1000)));
    expect(nowMs).toBeGreaterThan(startMs);
    const deliveries = await readDeliveries(state, 'wh_1');
    expect(deliveries.map(({ attempt, outcome }) => [attempt, outcome]).slice(0, 2)).toEqual([
      [10, 'given-up'],
      [9, 'retry'],
    ]);
    expect(await hook()).toMatchObject({ failures: 1, state: 'active' });
  });

  it('is disabled by ten events that are given up, and then gets nothing', async () => {
    partner = () => new Response(null, { status: 500 });
    await publish();
    const [{ message } = fail()] = queue.sent.splice(0);
    const last = { ...(message as WebhookAttempt), attempt: ATTEMPT_DELAYS_MS.length };
    for (let event = 1; event <= MOST_FAILURES; event++) await work(last);
    expect(await hook()).toMatchObject({ state: 'disabled' });
    received.length = 0;
    expect((await work(last)).status).toBe(200);
    await tell();
    expect(received).toEqual([]);
  });

  it('is disabled at once by a partner that is gone', async () => {
    partner = () => new Response(null, { status: 410 });
    await tell();
    expect(await hook()).toMatchObject({ state: 'disabled' });
    expect(queue.sent).toEqual([]);
  });

  it('that succeeds counts its failures anew', async () => {
    await hooksAre({ ...HOOK, failures: 9 });
    await tell();
    expect(await hook()).toMatchObject({ failures: 0 });
  });

  it('whose partner can not be reached is tried again, and nothing is told of the network', async () => {
    partner = () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3:443'));
    await tell();
    expect(queue.sent).toHaveLength(1);
    const [delivery] = await readDeliveries(state, 'wh_1');
    expect(delivery).toMatchObject({ outcome: 'retry', reason: "It can't be reached." });
    expect(JSON.stringify(delivery)).not.toContain('10.1.2.3');
  });

  it('whose partner does not answer within 10 s is tried again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      partner = () => {
        vi.advanceTimersByTime(PARTNER_TIME_LIMIT_MS);
        return new Promise(() => {});
      };
      await tell();
    } finally {
      vi.useRealTimers();
    }
    expect(await readDeliveries(state, 'wh_1')).toMatchObject([{ reason: 'It did not answer within 10000 ms.' }]);
  });

  it.each([
    'http://partner.example/',
    'https://user@partner.example/',
    'https://169.254.169.254/metadata',
    'https://[::1]/',
    'https://orders-api.default.svc/',
    'https://localhost/',
  ])('goes nowhere that the rules forbid, whoever put it there: %s', async url => {
    await hooksAre({ ...HOOK, url });
    await tell();
    expect(received).toEqual([]);
    expect(await readDeliveries(state, 'wh_1')).toMatchObject([{ reason: expect.stringContaining('Its URL must') }]);
  });

  it('that was deleted meanwhile goes nowhere', async () => {
    await publish();
    await hooksAre();
    const [{ message } = fail()] = queue.sent;
    expect((await work(message)).status).toBe(200);
    expect(received).toEqual([]);
  });

  it('remembers its last 50 attempts', async () => {
    for (let time = 0; time < KEPT_DELIVERIES + 2; time++) await tell();
    expect(await readDeliveries(state, 'wh_1')).toHaveLength(KEPT_DELIVERIES);
  });

  it('keeps every attempt of many that end at once', async () => {
    await publish();
    const [{ message } = fail()] = queue.sent;
    await Promise.all(Array.from({ length: 16 }, () => work(message)));
    expect(await readDeliveries(state, 'wh_1')).toHaveLength(16);
  });

  it.each([null, {}, { webhookId: 'wh_1' }, { webhookId: 'wh_1', eventId: 'e', attempt: 0, body: '' }, 'x'])(
    'is no message that nobody sent: %j goes to the dead letters',
    async message => {
      expect((await work(message)).status).toBe(400);
      expect(received).toEqual([]);
    },
  );
});

describe('a worker that is killed between any two steps', () => {
  it('has the partner told once at least, with one id', async () => {
    await publish();
    const [{ message } = fail()] = queue.sent.splice(0);
    const operations = await killedEverywhere(fuse => work(message, fuse).then(() => {}));
    expect(operations).toBeGreaterThan(2);
    expect(received.length).toBeGreaterThanOrEqual(operations);
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['evt_written_7']));
  });

  it('never loses the next attempt', async () => {
    partner = () => new Response(null, { status: 500 });
    await publish();
    const [{ message } = fail()] = queue.sent.splice(0);
    await killedEverywhere(async fuse => {
      await work(message, fuse);
      expect(queue.sent.splice(0)).toContainEqual(expect.objectContaining({ id: 'evt_written_7.wh_1.2' }));
    });
  });

  it('asks a partner again, and tells it what it is to be told', async () => {
    partner = () => new Response(null, { headers: { 'webhook-allowed-origin': '*' } });
    await publish();
    const [{ message } = fail()] = queue.sent.splice(0);
    await killedEverywhere(async fuse => {
      received.length = 0;
      await hooksAre({ ...HOOK, state: 'pending' });
      await work(message, fuse);
      expect(received.map(({ method }) => method)).toContain('POST');
    });
  });
});

it('is asked again where the state is away', async () => {
  await publish();
  const [{ message } = fail()] = queue.sent;
  state.isAway = true;
  expect((await work(message)).status).toBe(503);
});

function fail(): never {
  throw new Error('nothing came');
}
