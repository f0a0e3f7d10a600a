import {
  type Call,
  itAnswers,
  itImports,
  itKeepsWebhooks,
  Partner,
  type ReceivedWebhook,
  WRITTEN_ORDER,
} from '@order-bench/app-contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiUnderTest, startApi } from './started-api.js';

const JSON_TYPE = { 'content-type': 'application/json' };
/** A retry comes after 5 s and a little. */
const LONGEST = { timeout: 30_000, interval: 100 };

/** A component may have to be built first. */
const START_LIMIT_MS = 600_000;

describe.each(['express-ts', 'spin-ts'])('the Order API in front of %s, on a rig with real daprd', contender => {
  let api: ApiUnderTest;
  let call: Call;

  beforeAll(async () => {
    api = await startApi(contender, ['https://shop.example']);
    const { url, token } = api;
    call = async (method, path, headers = {}, body) => {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...headers },
        redirect: 'manual',
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    };
    await call('POST', '/orders', JSON_TYPE, WRITTEN_ORDER);
    await vi.waitFor(async () => expect((await call('GET', '/orders/1000007')).body).toContain('"written"'), LONGEST);
  }, START_LIMIT_MS);

  afterAll(() => api?.stop());

  itAnswers(() => call);
  itKeepsWebhooks(() => call);

  it('lets nobody in without the token', async () => {
    expect((await call('GET', '/orders', { authorization: 'Bearer other' })).status).toBe(401);
  });

  it('keeps nothing of an order that fills a message of the queue by itself', async () => {
    const order = '{"delivery":"Express","orderId":1000010,"x":""}';
    const body = order.replace('""', JSON.stringify('x'.repeat(1_048_576 - order.length)));
    expect((await call('POST', '/orders', JSON_TYPE, body)).status).toBe(413);
    expect((await call('GET', '/orders/1000010')).status).toBe(404);
  });

  it('makes one order of 50 requests with one Idempotency-Key', async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'fifty' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => call('POST', '/orders', headers, '{"delivery":"Standard","fifty":true}')),
    );
    const places = new Set(answers.filter(({ status }) => status === 202).map(answer => answer.headers.location));
    expect(places.size).toBe(1);
    expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
  });

  it('sends nothing that the caller has', async () => {
    const { headers } = await call('GET', '/orders/1000007');
    const again = await call('GET', '/orders/1000007', { 'if-none-match': headers.etag ?? '' });
    expect(again).toMatchObject({ status: 304, body: '', headers: { etag: headers.etag } });
  });

  it('tells a partner, whose library takes the signature, and tells it again when it fails', async () => {
    const partner = await Partner.start();
    try {
      const wanted = JSON.stringify({ url: partner.url, events: ['order.written'] });
      const made = await call('POST', '/webhooks', JSON_TYPE, wanted);
      const { secret } = JSON.parse(made.body) as { readonly secret: string };
      // However often an attempt comes, the first seconds fail: it is made at least once, and more than once where its end got lost.
      partner.onReceived = ({ atMs }) => {
        if (atMs - (partner.received[0]?.atMs ?? atMs) < 4_000) partner.answers.push(503);
      };
      await call('POST', '/orders', JSON_TYPE, '{"orderId":1000020,"delivery":"Express"}');
      const path = made.headers.location ?? '';
      await vi.waitFor(async () => {
        const { deliveries } = JSON.parse((await call('GET', `${path}/deliveries`)).body);
        expect(deliveries).toContainEqual(expect.objectContaining({ attempt: 1, status: 503, outcome: 'retry' }));
        expect(deliveries).toContainEqual(expect.objectContaining({ attempt: 2, status: 204, outcome: 'delivered' }));
      }, LONGEST);
      expect(partner.asked).toEqual(['orders.example']);
      for (const webhook of partner.received) {
        expect(webhook.id).toBe('evt_written_1000020');
        expect(Partner.verify(webhook, secret)).toMatchObject({ type: 'order.written', data: { orderId: 1000020 } });
      }

      const { etag = '' } = (await call('GET', path)).headers;
      const renewed = await call('POST', `${path}/secret`, { 'if-match': etag });
      const { secret: newSecret } = JSON.parse(renewed.body) as { readonly secret: string };
      expect((await call('POST', `${path}/deliveries/evt_written_1000020`)).status).toBe(202);
      await vi.waitFor(() => expect(() => Partner.verify(lastOf(partner), newSecret)).not.toThrow(), LONGEST);
      expect(() => Partner.verify(lastOf(partner), secret)).not.toThrow();
      expect(lastOf(partner).body).toBe(partner.received[0]?.body);

      partner.answers.push(410);
      await call('POST', `${path}/deliveries/evt_written_1000020`);
      await vi.waitFor(async () => expect((await call('GET', path)).body).toContain('"status":"disabled"'), LONGEST);
      expect((await call('POST', `${path}/deliveries/evt_written_1000020`)).status).toBe(409);
    } finally {
      await partner.stop();
    }
  });

  // Last, for the orders that they leave behind keep the webhooks of the others busy.
  itImports(() => ({ call, until: expectation => vi.waitFor(expectation, LONGEST) }));
});

function lastOf({ received }: Partner): ReceivedWebhook {
  const last = received.at(-1);
  if (!last) throw new Error('nothing came');
  return last;
}
