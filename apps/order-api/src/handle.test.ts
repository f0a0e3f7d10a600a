import { type Call, itAnswers, itKeepsWebhooks, WRITTEN_ORDER } from '@order-bench/app-contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { handleRequest } from './handle.js';
import type { ApiRequest } from './http.js';
import { RESUME_AFTER_MS } from './idempotency.js';
import { MemoryCache, MemoryPipeline, MemoryQueue, MemoryState } from './memory-ports.js';
import { OVERDUE_AFTER_MS } from './represent.js';
import { viewRoutes } from './view.js';

const ORDER = '{ "orderId":7, "delivery":"Express", "amount":1.50 }';
const JSON_TYPE = { 'content-type': 'application/json' };
const SHOP = 'https://shop.example';

let state: MemoryState;
let pipeline: MemoryPipeline;
let cache: MemoryCache;
let queue: MemoryQueue;
let nowMs: number;
let token: string;

beforeEach(() => {
  state = new MemoryState();
  pipeline = new MemoryPipeline();
  cache = new MemoryCache();
  queue = new MemoryQueue();
  nowMs = Date.UTC(2026, 0, 1);
  token = '';
});

function call(method: string, url: string, headers: Readonly<Record<string, string>> = {}, body = '') {
  const { pathname, searchParams } = new URL(url, 'http://api');
  const request: ApiRequest = {
    method,
    path: pathname,
    query: searchParams,
    header: name => headers[name],
    async body(limitBytes) {
      const bytes = new TextEncoder().encode(body);
      return bytes.length > limitBytes ? undefined : bytes;
    },
  };
  const webhookRules = { isLocal: true };
  const options = { state, pipeline, cache, queue, webhookRules, token, allowedOrigins: [SHOP], now: () => nowMs };
  return handleRequest(request, options);
}

/** Sends an order; where the pipeline writes, its receivers publish and the view hears it. */
async function post(body: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await call('POST', '/orders', { ...JSON_TYPE, ...headers }, body);
  await pipeline.publishTo(viewRoutes({ state, pipeline }));
  return answer;
}

describe('POST /orders', () => {
  it('sends the order to the letter and says where it will be', async () => {
    const { status, headers, body } = await post(ORDER);
    expect({ status, body }).toEqual({ status: 202, body: '{"orderId":7,"status":"accepted"}' });
    expect(headers).toMatchObject({ location: '/orders/7', 'retry-after': '1' });
    expect(pipeline.sent).toEqual([{ orderId: 7, text: ORDER }]);
  });

  it('gives an order without an id one, and changes nothing else of it', async () => {
    const { headers } = await post('{ "delivery" : "Express" }');
    const [, id] = /^\/orders\/(\d+)$/.exec(headers.location ?? '') ?? [];
    expect(pipeline.sent[0]?.text).toBe(`{"orderId":${id}, "delivery" : "Express" }`);
  });

  it('takes the same again, and refuses another under its id', async () => {
    await post(ORDER);
    expect((await post(ORDER)).status).toBe(202);
    expect((await post(ORDER.replace('1.50', '1.5'))).status).toBe(409);
    expect(pipeline.sent.every(({ text }) => text === ORDER)).toBe(true);
  });

  it.each([
    ['no JSON', '{', {}, 400],
    ['an array', '[]', {}, 400],
    ['no delivery', '{"orderId":7}', {}, 400],
    ['another media type', ORDER, { 'content-type': 'text/plain' }, 415],
    ['too much', `{"orderId":7,"delivery":"Express","x":"${'x'.repeat(1_048_576)}"}`, {}, 413],
    ['a key that is none', ORDER, { 'idempotency-key': '""' }, 400],
  ])('refuses %s, and sends and keeps nothing', async (_what, body, headers, status) => {
    const answer = await post(body, headers);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ type: 'about:blank', status });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(pipeline.sent).toEqual([]);
    expect(state.values.size).toBe(0);
  });

  it('answers 503 where the state is away, and has sent nothing', async () => {
    state.isAway = true;
    expect((await post(ORDER)).status).toBe(503);
    expect(pipeline.sent).toEqual([]);
  });

  it('answers 502 where the queue is away, and takes the order when it comes again', async () => {
    pipeline.isAway = true;
    expect((await post(ORDER, { 'idempotency-key': 'k' })).status).toBe(502);
    pipeline.isAway = false;
    expect((await post(ORDER, { 'idempotency-key': 'k' })).status).toBe(409);
    nowMs += RESUME_AFTER_MS;
    expect((await post(ORDER, { 'idempotency-key': 'k' })).status).toBe(202);
    expect(pipeline.sent).toHaveLength(1);
  });
});

describe('an order that can not be sent', () => {
  it('is 504 where Dapr is late, and taken when it comes again', async () => {
    pipeline.isLate = true;
    expect((await post(ORDER)).status).toBe(504);
    pipeline.isLate = false;
    expect((await post(ORDER)).status).toBe(202);
  });

  it('because it is too large as a message is 413, and nothing is kept of it', async () => {
    pipeline.limit = 10;
    expect((await post(ORDER)).status).toBe(413);
    expect(state.values.size).toBe(0);
    expect((await call('GET', '/orders/7')).status).toBe(404);
  });

  it('takes nothing away from one that was written under its id', async () => {
    await post(ORDER);
    pipeline.limit = 10;
    expect((await post(ORDER)).status).toBe(413);
    expect((await call('GET', '/orders/7')).body).toContain('"written"');
  });
});

describe('an Idempotency-Key', () => {
  const key = { 'idempotency-key': '"a key"' };
  const WITHOUT_ID = '{"delivery":"Standard"}';

  it('makes one order of 50 requests at a time', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(WITHOUT_ID, key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 409]));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(pipeline.sent).toHaveLength(1);
  });

  it('gives the same answer again, and sends nothing more', async () => {
    const first = await post(WITHOUT_ID, key);
    nowMs += 1;
    expect(await post(WITHOUT_ID, key)).toEqual(first);
    expect(pipeline.sent).toHaveLength(1);
  });

  it('stands for one request, and for one caller', async () => {
    await post(WITHOUT_ID, key);
    expect((await post('{"delivery":"Express"}', key)).status).toBe(422);
    nowMs += 1;
    expect((await post('{"delivery":"Express"}', { ...key, authorization: 'Bearer other' })).status).toBe(202);
  });

  it('broken off between any two steps leads to one order when it comes again', async () => {
    // The record of the key was kept, and then the process died.
    pipeline.isAway = true;
    await post(WITHOUT_ID, key);
    pipeline.isAway = false;
    nowMs += RESUME_AFTER_MS;
    const again = await post(WITHOUT_ID, key);
    const [kept] = [...state.values.keys()].filter(name => name.startsWith('order-'));
    expect(again.headers.location).toBe(`/orders/${kept?.slice('order-'.length)}`);
    expect(pipeline.sent).toHaveLength(1);
  });
});

describe('GET /orders/{id}', () => {
  it('is 404 before it is accepted, then pending, and in the end the order itself', async () => {
    expect((await call('GET', '/orders/7')).status).toBe(404);
    pipeline.isWriting = false;
    await post(ORDER);
    const pending = await call('GET', '/orders/7');
    expect(pending).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache', 'retry-after': '1' } });
    expect(JSON.parse(pending.body ?? '')).toMatchObject({ status: 'accepted' });
    nowMs += OVERDUE_AFTER_MS;
    expect(JSON.parse((await call('GET', '/orders/7')).body ?? '')).toMatchObject({ status: 'overdue' });
    pipeline.isWriting = true;
    await pipeline.publishTo(viewRoutes({ state, pipeline }));
    const written = await call('GET', '/orders/7');
    expect(written.body).toContain(`"order":${ORDER}`);
    expect(written.headers).toMatchObject({
      'cache-control': 'private, max-age=86400, immutable',
      vary: 'Accept, Origin',
    });
  });

  it('sends nothing that the caller has, and another validator for another form', async () => {
    await post(ORDER);
    const { headers } = await call('GET', '/orders/7');
    const again = await call('GET', '/orders/7', { 'if-none-match': headers.etag ?? '' });
    expect(again).toEqual({
      status: 304,
      headers: expect.objectContaining({ etag: headers.etag, vary: 'Accept, Origin' }),
    });
    expect(again.headers).not.toHaveProperty('content-type');
    const html = await call('GET', '/orders/7', { accept: 'text/html', 'if-none-match': headers.etag ?? '' });
    expect(html).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(html.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('is asked by HEAD as by GET, without a body', async () => {
    await post(ORDER);
    await call('GET', '/orders/7');
    const { body, ...get } = await call('GET', '/orders/7');
    expect(body).toBeDefined();
    expect(await call('HEAD', '/orders/7')).toEqual(get);
  });

  it('comes from the cache the second time, and says how old it is', async () => {
    await post(ORDER);
    const first = await call('GET', '/orders/7');
    expect(first.headers).toMatchObject({ age: '0', 'cache-status': 'orders-cache; fwd=uri-miss; stored' });
    nowMs += 5_900;
    state.isAway = true;
    pipeline.isWriting = false;
    const second = await call('GET', '/orders/7');
    expect(second).toMatchObject({ status: 200, headers: { age: '5', 'cache-status': 'orders-cache; hit' } });
    expect(second.body).toBe(first.body);
    expect(second.headers.etag).toBe(first.headers.etag);
    const again = await call('GET', '/orders/7', { 'if-none-match': first.headers.etag ?? '' });
    expect(again).toMatchObject({ status: 304, headers: { age: '5', 'cache-status': 'orders-cache; hit' } });
  });

  it('is cached by its form, and never before it is written', async () => {
    pipeline.isWriting = false;
    await post(ORDER);
    const pending = await call('GET', '/orders/7');
    expect(pending.headers).not.toHaveProperty('cache-status');
    expect((await call('GET', '/orders/8')).status).toBe(404);
    expect(cache.values.size).toBe(0);
    pipeline.isWriting = true;
    await pipeline.publishTo(viewRoutes({ state, pipeline }));
    await call('GET', '/orders/7');
    const csv = await call('GET', '/orders/7', { accept: 'text/csv' });
    expect(csv.headers).toMatchObject({ 'cache-status': 'orders-cache; fwd=uri-miss; stored' });
    expect([...cache.values.keys()]).toEqual(['order-7-json', 'order-7-csv']);
  });

  it('is answered where the cache is away', async () => {
    cache.isAway = true;
    await post(ORDER);
    expect(await call('GET', '/orders/7')).toMatchObject({
      status: 200,
      headers: { 'cache-status': 'orders-cache; fwd=uri-miss' },
    });
  });

  it('names the four forms where none is wanted', async () => {
    await post(ORDER);
    const answer = await call('GET', '/orders/7', { accept: 'image/png' });
    expect(answer.status).toBe(406);
    expect(answer.body).toContain('application/json, application/xml, text/csv, text/html');
  });

  it.each(['/orders/0', '/orders/07', '/orders/x', '/orders/7/', '/orders/99999999999999999', '/page', '/Orders'])(
    'is 404 for %s',
    async path => {
      expect((await call('GET', path)).status).toBe(404);
    },
  );
});

describe('GET /orders', () => {
  it('goes through both outboxes page by page', async () => {
    for (let id = 1; id <= 5; id++) await post(`{"orderId":${id},"delivery":"${id % 2 ? 'Express' : 'Standard'}"}`);
    const ids: number[] = [];
    let next: string | undefined = '/orders?limit=2';
    while (next) {
      const { body, headers } = await call('GET', next);
      ids.push(...(JSON.parse(body ?? '') as { orders: { orderId: number }[] }).orders.map(({ orderId }) => orderId));
      next = /<(.*)>/.exec(headers.link ?? '')?.[1];
    }
    expect(ids).toEqual([1, 3, 5, 2, 4]);
    const { body, headers } = await call('GET', '/orders?delivery=Standard');
    expect(JSON.parse(body ?? '')).toMatchObject({ orders: [{ orderId: 2 }, { orderId: 4 }] });
    expect(headers).not.toHaveProperty('link');
  });

  it.each(['delivery=air', 'limit=0', 'cursor=x', 'limit=201'])('refuses %s', async query => {
    expect((await call('GET', `/orders?${query}`)).status).toBe(400);
  });
});

describe('every answer', () => {
  it('asks for the token where there is one, and for none to a preflight or a health check', async () => {
    token = 'secret';
    const refused = await call('GET', '/orders');
    expect(refused).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer realm="orders"' } });
    expect((await call('GET', '/orders', { authorization: 'bearer secret' })).status).toBe(200);
    expect((await call('GET', '/orders', { authorization: 'Bearer secre' })).status).toBe(401);
    expect((await call('GET', '/healthz')).status).toBe(204);
    expect((await call('OPTIONS', '/orders')).status).toBe(204);
    for (const path of ['/', '/page.js', '/page.css', '/openapi.json'])
      expect((await call('GET', path)).status, path).toBe(200);
  });

  it('tells a listed origin what it may do and read, errors too, and others nothing', async () => {
    const asked = { origin: SHOP, 'access-control-request-method': 'POST' };
    expect((await call('OPTIONS', '/orders', asked)).headers).toMatchObject({
      'access-control-allow-origin': SHOP,
      'access-control-allow-methods': expect.stringContaining('POST'),
    });
    expect((await call('GET', '/orders/9', { origin: SHOP })).headers['access-control-allow-origin']).toBe(SHOP);
    const other = await call('OPTIONS', '/orders', { ...asked, origin: 'https://evil.example' });
    expect(other).toEqual({ status: 204, headers: { 'x-content-type-options': 'nosniff', vary: 'Origin' } });
  });

  it('names the methods of a resource that has not this one', async () => {
    expect(await call('DELETE', '/orders')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST, OPTIONS' },
    });
    expect(await call('PATCH', '/orders/7')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } });
    expect((await call('constructor', '/orders')).status).toBe(405);
  });
});

describe('the table of cases', () => {
  beforeEach(() => post(WRITTEN_ORDER));
  const called: Call = async (method, url, headers, body) => {
    const answer = await call(method, url, headers, body);
    return { ...answer, body: answer.body ?? '' };
  };
  itAnswers(() => called);
  itKeepsWebhooks(() => called);
});
