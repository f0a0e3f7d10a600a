import { expect, it } from 'vitest';
import { type Call, type Case, JSON_TYPE, PROBLEM } from './api-case.js';

const EVENTS = '"events":["order.written"]';
const NOBODY = 'wh_00000000-0000-4000-8000-000000000000';
/** Nothing listens there. */
const URL_OF_NOBODY = 'http://127.0.0.1:9/cases';

const WEBHOOK: Case['request'] = ['POST', '/webhooks', JSON_TYPE, `{"url":"${URL_OF_NOBODY}",${EVENTS}}`];

/** For tests: what every flavour answers at /webhooks, where it takes partners on the same machine. */
export const WEBHOOK_CASES: readonly Case[] = [
  {
    title: 'takes a webhook, pending, and shows its secret',
    request: WEBHOOK,
    status: 201,
    headers: {
      location: expect.stringMatching(/^\/webhooks\/wh_[0-9a-f-]{36}$/),
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      'cache-control': 'no-store',
    },
    body: expect.stringMatching(/"status":"pending","secret":"whsec_[\w+/]{43}="\}$/),
  },
  {
    title: 'takes no second one with its URL',
    before: WEBHOOK,
    request: WEBHOOK,
    status: 409,
    headers: PROBLEM,
    body: expect.stringContaining('"field":"url"'),
  },
  {
    title: 'lists webhooks without their secrets',
    request: ['GET', '/webhooks'],
    status: 200,
    body: expect.not.stringContaining('whsec_'),
  },
  { title: 'lists none beyond 200 at once', request: ['GET', '/webhooks?limit=201'], status: 400, headers: PROBLEM },
  ...[
    'http://partner.example/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://0x7f.1/',
    'https://user:password@partner.example/',
    'https://metadata.google.internal/',
    'https://orders-api.default.svc.cluster.local/',
    'https://intranet/',
    'file:///etc/passwd',
    '/hook',
  ].map(
    (url): Case => ({
      title: `sends no webhooks to ${url}`,
      request: ['POST', '/webhooks', JSON_TYPE, JSON.stringify({ url, events: ['order.written'] })],
      status: 400,
      headers: PROBLEM,
      body: expect.stringContaining('"field":"url"'),
    }),
  ),
  {
    title: 'takes no URL that is too long as it would be kept',
    request: ['POST', '/webhooks', JSON_TYPE, `{"url":"http://127.0.0.1:9?${'x'.repeat(1_981)}",${EVENTS}}`],
    status: 400,
    body: expect.stringContaining('"field":"url"'),
  },
  {
    title: 'has no events but its own',
    request: ['POST', '/webhooks', JSON_TYPE, '{"url":"https://partner.example/","events":["order.shipped"]}'],
    status: 400,
    body: expect.stringContaining('"field":"events"'),
  },
  { title: 'takes no webhook that is no JSON', request: ['POST', '/webhooks', JSON_TYPE, '{'], status: 400 },
  {
    title: 'takes a webhook in JSON alone',
    request: ['POST', '/webhooks', { 'content-type': 'text/plain' }, '{}'],
    status: 415,
    headers: { ...PROBLEM, accept: 'application/json' },
  },
  {
    title: 'takes no large webhook',
    request: ['POST', '/webhooks', JSON_TYPE, `{"url":"https://partner.example/${'x'.repeat(20_000)}",${EVENTS}}`],
    status: 413,
  },
  ...(
    [
      ['GET', ''],
      ['HEAD', ''],
      ['DELETE', ''],
      ['GET', '/deliveries'],
      ['POST', '/secret'],
      ['POST', '/deliveries/evt_written_1'],
    ] as const
  ).map(
    ([method, rest]): Case => ({
      title: `has no webhook that nobody made: ${method} ${rest}`,
      request: [method, `/webhooks/${NOBODY}${rest}`, { 'if-match': '*' }],
      status: 404,
    }),
  ),
  {
    title: 'names the methods of a webhook',
    request: ['PATCH', `/webhooks/${NOBODY}`],
    status: 405,
    headers: { allow: 'GET, HEAD, PUT, DELETE, OPTIONS' },
  },
  { title: 'has no other names of webhooks', request: ['GET', '/webhooks/1'], status: 404 },
];

/** For tests: a webhook from its making to its end. */
export function itKeepsWebhooks(call: () => Call): void {
  const make = async (url: string) => {
    const made = await call()('POST', '/webhooks', JSON_TYPE, `{"url":"${url}",${EVENTS}}`);
    return { path: made.headers.location ?? '', etag: made.headers.etag ?? '', body: made.body };
  };

  it('keeps a webhook, which only who saw it last may change', async () => {
    const { path, etag } = await make('http://127.0.0.1:9/kept');
    const shown = await call()('GET', path);
    expect(shown).toMatchObject({ status: 200, headers: { etag, 'cache-control': 'no-cache' } });
    expect(shown.body).not.toContain('whsec_');
    expect((await call()('HEAD', path)).headers.etag).toBe(etag);
    const changed = `{"url":"http://127.0.0.1:9/changed",${EVENTS}}`;
    expect((await call()('PUT', path, JSON_TYPE, changed)).status).toBe(428);
    expect((await call()('PUT', path, { ...JSON_TYPE, 'if-match': '"other"' }, changed)).status).toBe(412);
    expect((await call()('PUT', path, { ...JSON_TYPE, 'if-match': 'x' }, changed)).status).toBe(400);
    const put = await call()('PUT', path, { ...JSON_TYPE, 'if-match': etag }, changed);
    expect(put.status).toBe(200);
    expect(put.body).toContain('http://127.0.0.1:9/changed');
    expect(put.headers.etag).not.toBe(etag);
    expect((await call()('PUT', path, { ...JSON_TYPE, 'if-match': etag }, changed)).status).toBe(412);
    expect((await call()('DELETE', path)).status).toBe(428);
    expect((await call()('DELETE', path, { 'if-match': etag })).status).toBe(412);
    expect((await call()('DELETE', path, { 'if-match': put.headers.etag ?? '' })).status).toBe(204);
    expect((await call()('GET', path)).status).toBe(404);
  });

  it('gives a new secret once, to who saw the webhook last', async () => {
    const { path, etag, body } = await make('http://127.0.0.1:9/secret');
    expect((await call()('POST', `${path}/secret`)).status).toBe(428);
    const renewed = await call()('POST', `${path}/secret`, { 'if-match': etag });
    expect(renewed).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    const secretIn = (text: string) => /whsec_[\w+/=]+/.exec(text)?.[0];
    expect(secretIn(renewed.body)).toBeDefined();
    expect(secretIn(renewed.body)).not.toBe(secretIn(body));
    expect(renewed.headers.etag).not.toBe(etag);
    expect((await call()('POST', `${path}/secret`, { 'if-match': etag })).status).toBe(412);
    expect((await call()('GET', path)).body).not.toContain('whsec_');
  });

  it('takes no URL of another webhook', async () => {
    await make('http://127.0.0.1:9/first');
    const { path, etag } = await make('http://127.0.0.1:9/second');
    const first = `{"url":"http://127.0.0.1:9/first",${EVENTS}}`;
    expect((await call()('PUT', path, { ...JSON_TYPE, 'if-match': etag }, first)).status).toBe(409);
  });

  it('lists webhooks a page at a time', async () => {
    const ids: string[] = [];
    let next: string | undefined = '/webhooks?limit=1';
    while (next) {
      const { body, headers } = await call()('GET', next);
      ids.push(...(JSON.parse(body) as { webhooks: { id: string }[] }).webhooks.map(({ id }) => id));
      next = /<(.*)>/.exec(headers.link ?? '')?.[1];
    }
    const { body } = await call()('GET', '/webhooks');
    expect(ids).toEqual((JSON.parse(body) as { webhooks: { id: string }[] }).webhooks.map(({ id }) => id));
  });
}
