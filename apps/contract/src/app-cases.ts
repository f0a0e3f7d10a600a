import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { AppId, Problem } from '@order-bench/orders';
import { MAX_ORDER_BYTES } from '@order-bench/orders';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppProcess } from './app-process.js';
import { type FakeAnswer, FakeDapr } from './fake-dapr.js';

/** How a case wants an app started. */
export interface AppSettings {
  readonly appId: AppId;
  readonly daprPort: number;
  /** Dapr's and the app's API token; empty: not set. */
  readonly daprApiToken: string;
  readonly appApiToken: string;
  /** Whether receivers tell the topic what is written. */
  readonly events: 'on' | 'off';
}

/** Starts a contender's app as it is deployed, and waits until it is healthy. */
export type StartApp = (settings: AppSettings) => Promise<AppProcess>;

/** What a contender's cases need to know of it. */
export interface CasesOptions {
  readonly start: StartApp;
  /** Open to everybody. */
  readonly healthPath: string;
  /** Its answer where Dapr's ends half-way: 502, or 504 where its HTTP client does not notice. */
  readonly afterHalfAnAnswer: 502 | 504;
  /** Time limit of a start, in milliseconds. */
  readonly startLimitMs: number;
}

/** In every order of the cases, and never in a log. */
export const CONTENT = 'Wilhelmina-Zwetschgenmus';
const ORDER = `{"orderId":5,"delivery":"Express","firstName":"${CONTENT}"}`;
const LARGEST = ORDER.padEnd(MAX_ORDER_BYTES);
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** What Dapr may answer, and what the app then does. */
export const DAPR_CASES: readonly (readonly [string, FakeAnswer, number])[] = [
  ['confirms with 204', { status: 204 }, 200],
  ['confirms with 200 and a body', { status: 200, body: '{"blobURL":"http://127.0.0.1/"}' }, 200],
  ['answers 400', { status: 400, body: '{"errorCode":"ERR_MALFORMED_REQUEST","message":"the reason"}' }, 502],
  ['answers 401', { status: 401, body: 'the reason' }, 502],
  ['answers 404', { status: 404, body: 'the reason' }, 502],
  ['answers 413', { status: 413, body: 'the reason' }, 502],
  ['answers 429', { status: 429, body: 'the reason' }, 502],
  ['answers 500', { status: 500, body: '{"errorCode":"ERR_INVOKE_OUTPUT_BINDING","message":"the reason"}' }, 502],
  ['answers 503', { status: 503, body: 'the reason' }, 502],
  ['answers 500 with a long page', { status: 500, body: `the reason${' and more'.repeat(100_000)}` }, 502],
  ['cuts the connection', 'cut', 502],
  ['answers with what is no HTTP', 'noise', 502],
];

/** Bodies that are no order, each with the field that its problem names. */
export const REFUSED_BODIES: readonly (readonly [string, string | Uint8Array, string | undefined])[] = [
  ['an order without its delivery', `{"orderId":5,"firstName":"${CONTENT}"}`, 'delivery'],
  ['an id that is text', `{"orderId":"${CONTENT}","delivery":"Express"}`, 'orderId'],
  ['an item that is none', '{"orderId":5,"delivery":"Express","items":[{}]}', 'items.0.orderItemId'],
  ['half an order', `{"orderId":5,"firstName":"${CONTENT}"`, undefined],
  ['a list', `["${CONTENT}"]`, undefined],
  ['text', CONTENT, undefined],
  ['nothing', '', undefined],
  ['a byte order mark', `\uFEFF${ORDER}`, undefined],
  ['bytes that are not UTF-8', Buffer.from(ORDER.replace('Z', '\xFF'), 'latin1'), undefined],
];

/** Numbers that Dapr refuses or alters, each with the path of its field in the order. */
export const UNFAITHFUL_NUMBERS: readonly (readonly [order: string, field: string])[] = [
  ['{"orderId":5,"delivery":"Express","extra":1e400}', 'extra'],
  ['{"orderId":5,"delivery":"Express","extra":1e-400}', 'extra'],
  ['{"orderId":5,"delivery":"Express","extra":-4.9E-324}', 'extra'],
  ['{"orderId":5,"delivery":"Express","customerNumber":12345678901234567890}', 'customerNumber'],
  ['{"orderId":5,"delivery":"Express","amount":1234567890123456.78}', 'amount'],
  ['{"orderId":5,"delivery":"Express","extra":{"a":[0,{"b":[-9007199254740993]}]}}', 'extra.a.1.b.0'],
  [
    '{"orderId":5,"delivery":"Express","items":[{"orderItemId":1,"sku":"A","quantity":2.0000000000000000001}]}',
    'items.0.quantity',
  ],
  ['{"orderId":5.00000000000000000001,"delivery":"Express"}', 'orderId'],
  ['{"orderId":5,"delivery":"Express","extra":0.1000000000000000055511151231257827}', 'extra'],
  ['{"orderId":5,"delivery":"Express","a,\\"]:1e400,":"b:","extra":9007199254740993}', 'extra'],
];

/** An order whose every number Dapr passes on, some of them in another spelling. */
export const FAITHFUL_NUMBERS =
  '{"orderId":5.0,"delivery":"Express","a":[-0,-0.0,-0e5,0.00,1.0,1E2,1e+2,10e-1,0.1,0.10,0.30000000000000004],' +
  '"b":{"c":-0},"d":9007199254740992,"e":100000000000000000000000,"f":1.7976931348623157e308,"g":5e-324 ,' +
  '"h":123456789012345680000,"i":0.000001,"j":1e-7,"k":-0 ,"l":"-0","m":1234567890123456.8,"n":4.0e0}';

/** Headers that Dapr may make of a message's properties: names that mean something elsewhere, and as much as there may be. */
export const PROPERTY_HEADERS: readonly (readonly [what: string, headers: Readonly<Record<string, string>>])[] = [
  [
    'names that mean something to HTTP',
    {
      accept: 'image/png',
      'accept-encoding': 'br;q=0',
      authorization: 'Bearer x',
      'cache-control': 'only-if-cached',
      cookie: 'a=b; a=c',
      forwarded: 'for=1.2.3.4',
      'if-match': '"x"',
      'if-none-match': '*',
      origin: 'https://evil.example',
      range: 'bytes=0-0',
      'x-forwarded-host': 'evil.example',
      'x-http-method-override': 'DELETE',
    },
  ],
  [
    'names that mean something to a runtime',
    {
      'dapr-api-token': 'x',
      'dapr-app-id': 'x',
      'metadata.rawpayload': 'true',
      'spin-component-route': '/x',
      'spin-full-url': 'http://evil.example/',
      'spin-path-info': '/x',
    },
  ],
  ['names that JavaScript has for itself', { constructor: '1', hasownproperty: '1', ['__proto__']: '1' }],
  ['an empty value and one of every sort of byte that Dapr writes', { empty: '', text: "Z%C3%BCrich+%26~-._*'()" }],
  [
    '64 of 60 KiB in all',
    Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`property-${index}`, 'x'.repeat(945)])),
  ],
  ['one of 60 KiB', { property: 'x'.repeat(60 * 1024) }],
];

/** What happens to an order when something is wrong, with the same answers for every contender. */
export function describeCases(
  name: string,
  { start, healthPath, afterHalfAnAnswer, startLimitMs }: CasesOptions,
): void {
  describe(name, () => {
    let dapr: FakeDapr;
    let app: AppProcess;

    beforeAll(async () => {
      dapr = await FakeDapr.start();
      app = await start({ ...OPEN, appId: 'distributor', daprPort: dapr.port });
    }, startLimitMs);

    afterAll(async () => {
      app?.kill('SIGKILL');
      await app?.exit;
      await dapr?.stop();
    });

    beforeEach(() => {
      dapr.release();
      dapr.calls.length = 0;
      dapr.headers.length = 0;
      dapr.answer = { status: 204 };
    });

    function post(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
      return fetch(`${app.url}/q-order-ingress`, { method: 'POST', body, headers });
    }

    // Before any other call to Dapr: a client that waits for Dapr first would only show it here.
    it('answers 502 while Dapr is not there, from the first order on, and 200 once it is', async () => {
      const { port } = dapr;
      await dapr.stop();
      await expectProblem(await post(ORDER), 502);
      dapr = await FakeDapr.start(port);
      expect((await post(ORDER)).status).toBe(200);
    });

    it.each(DAPR_CASES)('where Dapr %s', async (_what, answer, status) => {
      dapr.answer = answer;
      const response = await post(ORDER);
      expect(dapr.calls).toHaveLength(1);
      if (status === 200) {
        expect(response.status).toBe(200);
        expect(await response.text()).toBe('');
        return;
      }
      const { detail } = await expectProblem(response, status);
      expect(detail).toMatch(/^Order 5: .*q-order-express-out/);
      if (typeof answer === 'object') expect(detail).toContain('the reason');
      expect(detail.length).toBeLessThan(2_000);
    });

    it(`answers 504 where Dapr takes longer than 10 s, ${afterHalfAnAnswer} where it cuts its answer off, and other orders meanwhile`, async () => {
      dapr.answer = 'silence';
      const late = post(ORDER);
      await vi.waitFor(() => expect(dapr.calls).toHaveLength(1), { timeout: 20_000 });
      dapr.answer = 'cut-half-way';
      const cut = post(ORDER);
      await vi.waitFor(() => expect(dapr.calls).toHaveLength(2), { timeout: 20_000 });
      dapr.answer = { status: 204 };
      expect((await post(ORDER)).status).toBe(200);
      expect((await expectProblem(await late, 504)).detail).toContain('10000 ms');
      await expectProblem(await cut, afterHalfAnAnswer);
    });

    it.each(REFUSED_BODIES)('answers 400 to %s', async (_what, body, field) => {
      const problem = await expectProblem(await post(body), 400);
      expect(problem.field).toBe(field);
      expect(JSON.stringify(problem)).not.toContain(CONTENT);
      expect(dapr.calls).toEqual([]);
    });

    it.each(UNFAITHFUL_NUMBERS)(
      'answers 400 to a number that Dapr would alter, and names it: %s',
      async (body, field) => {
        const problem = await expectProblem(await post(body), 400);
        expect(problem).toMatchObject({ field, detail: expect.stringContaining('which Dapr cannot pass on as it is') });
        expect(dapr.calls).toEqual([]);
      },
    );

    it('passes on every other number with its value, and -0 with its sign', async () => {
      expect((await post(FAITHFUL_NUMBERS)).status).toBe(200);
      expect(JSON.parse(dapr.calls[0]?.body ?? '')).toEqual({
        operation: 'create',
        data: JSON.parse(FAITHFUL_NUMBERS),
        metadata: { MessageId: '5' },
      });
      expect(dapr.headers[0]?.['content-type']).toMatch(/^application\/json/);
    });

    it.each(PROPERTY_HEADERS)('takes an order whatever properties its message has: %s', async (_what, headers) => {
      expect((await post(ORDER, headers)).status).toBe(200);
      expect(dapr.calls).toEqual([
        { binding: 'q-order-express-out', body: expect.stringContaining('"metadata":{"MessageId":"5"}') },
      ]);
      for (const [name, value] of Object.entries(headers)) expect(dapr.headers[0]?.[name]).not.toBe(value);
    });

    it('answers 400 to a compressed order', async () => {
      await expectProblem(await post(ORDER, { 'content-encoding': 'gzip' }), 400);
    });

    it('takes an order of exactly the largest size, however it is sent', async () => {
      expect((await post(LARGEST)).status).toBe(200);
      expect(await postInChunks(app.url, LARGEST)).toBe(200);
      expect(dapr.calls).toHaveLength(2);
    });

    it('answers 413 to an order that is one byte too large, however it is sent', async () => {
      expect(await postInChunks(app.url, `${LARGEST} `)).toBe(413);
      await expectProblem(await post(`${LARGEST} `), 413);
      expect(dapr.calls).toEqual([]);
    });

    it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])('answers 405 to %s', async method => {
      const response = await fetch(`${app.url}/q-order-ingress`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST, OPTIONS');
      expect(await response.text()).toBe('');
    });

    it('answers 200 to OPTIONS, by which Dapr asks for its bindings', async () => {
      expect((await fetch(`${app.url}/q-order-ingress`, { method: 'OPTIONS' })).status).toBe(200);
    });

    it.each(['/', '/Q-ORDER-INGRESS', '/q-order-ingress/x', '/dapr/config', `/${CONTENT}`])(
      'answers 404 to %s, without a word',
      async route => {
        const response = await fetch(app.url + route, { method: 'POST', body: ORDER });
        expect(response.status).toBe(404);
        expect(await response.text()).toBe('');
      },
    );

    it('takes an order as often as it comes, at once too, and the same each time', async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => post(ORDER)));
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
      expect(new Set(dapr.calls.map(call => JSON.stringify(call))).size).toBe(1);
      expect(dapr.calls).toHaveLength(10);
    });

    it('serves others while a client sends half an order, and forgets that half when the client leaves', async () => {
      const slow = connect(Number(new URL(app.url).port), '127.0.0.1');
      await once(slow, 'connect');
      slow.write(`POST /q-order-ingress HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${ORDER.length}\r\n\r\n`);
      slow.write(ORDER.slice(0, -1));
      expect((await post(ORDER)).status).toBe(200);
      slow.destroy();
      expect((await post(ORDER)).status).toBe(200);
      expect(dapr.calls).toHaveLength(2);
    });

    it('passes a trace on, with its call and in its message', async () => {
      expect((await post(ORDER, { traceparent: TRACEPARENT, tracestate: 'a=1' })).status).toBe(200);
      expect(dapr.headers[0]).toMatchObject({ traceparent: TRACEPARENT, tracestate: 'a=1' });
      const { data, metadata } = JSON.parse(dapr.calls[0]?.body ?? '');
      expect(data).toEqual(JSON.parse(ORDER));
      expect(metadata).toEqual({ MessageId: '5', traceparent: TRACEPARENT });
    });

    it('makes up no trace, and takes none that is not well-formed', async () => {
      expect((await post(ORDER)).status).toBe(200);
      expect((await post(ORDER, { traceparent: CONTENT, tracestate: 'a=1' })).status).toBe(200);
      for (const headers of dapr.headers) expect(headers).not.toHaveProperty('traceparent');
      for (const { body } of dapr.calls) expect(JSON.parse(body).metadata).toEqual({ MessageId: '5' });
    });

    it('logs what failed with its trace, and of no order more than its id', async () => {
      dapr.answer = { status: 500, body: 'the reason' };
      await post(ORDER, { traceparent: TRACEPARENT });
      app.kill('SIGTERM');
      const { output } = await app.exit;
      expect(output).toMatch(new RegExp(`Order 5: .*q-order-express-out.*${TRACEPARENT}|${TRACEPARENT}.*Order 5: `));
      for (const kind of ['malformed', 'too-large', 'binding-failed', 'binding-timed-out']) {
        expect(output).toContain(kind);
      }
      expect(output).not.toContain(CONTENT);
    });
  });

  describe(`${name}, with tokens`, () => {
    const daprApiToken = 'token-of-dapr-4711';
    const appApiToken = 'token-of-the-app-4712';
    let dapr: FakeDapr;
    let app: AppProcess;

    beforeAll(async () => {
      dapr = await FakeDapr.start();
      dapr.apiToken = daprApiToken;
      app = await start({
        ...{ appId: 'receiver-express', events: 'off', daprApiToken, appApiToken },
        daprPort: dapr.port,
      });
    }, startLimitMs);

    afterAll(async () => {
      app?.kill('SIGKILL');
      await app?.exit;
      await dapr?.stop();
    });

    function call(token: string | undefined, method = 'POST'): Promise<Response> {
      const headers = { traceparent: TRACEPARENT, ...(token === undefined ? {} : { 'dapr-api-token': token }) };
      const body = method === 'POST' ? ORDER : null;
      return fetch(`${app.url}/q-order-express-in`, { method, headers, body });
    }

    it('takes the order of a caller with the app’s token to Dapr with Dapr’s', async () => {
      expect((await call(appApiToken)).status).toBe(200);
      const metadata = { blobName: '5', contentType: 'application/json' };
      expect(JSON.parse(dapr.calls[0]?.body ?? '')).toMatchObject({ metadata });
      expect(dapr.published).toEqual([]);
      expect(dapr.headers[0]).toMatchObject({ 'dapr-api-token': daprApiToken, traceparent: TRACEPARENT });
    });

    it.each([undefined, '', appApiToken.slice(0, -1), `${appApiToken}x`, appApiToken.toUpperCase(), daprApiToken])(
      'answers 401 to a caller with %j, whatever it asks',
      async token => {
        dapr.calls.length = 0;
        for (const method of ['POST', 'OPTIONS', 'GET']) await expectProblem(await call(token, method), 401);
        expect(dapr.calls).toEqual([]);
      },
    );

    it('answers 401 before an order has come whole', async () => {
      const caller = connect(Number(new URL(app.url).port), '127.0.0.1');
      caller.write('POST /q-order-express-in HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1000000\r\n\r\n{');
      const [head] = await once(caller, 'data');
      caller.destroy();
      expect(String(head)).toMatch(/^HTTP\/1\.1 401 /);
    });

    it('tells everybody that it is healthy', async () => {
      expect((await fetch(app.url + healthPath)).status).toBe(200);
    });

    it('answers 502 where Dapr wants another token', async () => {
      dapr.apiToken = 'another';
      await expectProblem(await call(appApiToken), 502);
      dapr.apiToken = daprApiToken;
      expect((await call(appApiToken)).status).toBe(200);
    });

    it('logs no token', async () => {
      app.kill('SIGTERM');
      const { output } = await app.exit;
      expect(output).toContain('unauthorized');
      expect(output).toContain(TRACEPARENT);
      for (const secret of [daprApiToken, appApiToken, CONTENT]) expect(output).not.toContain(secret);
    });
  });

  describe(`${name}, a receiver with events on`, () => {
    let dapr: FakeDapr;
    let app: AppProcess;

    beforeAll(async () => {
      dapr = await FakeDapr.start();
      app = await start({ ...OPEN, appId: 'receiver-express', events: 'on', daprPort: dapr.port });
    }, startLimitMs);

    afterAll(async () => {
      app?.kill('SIGKILL');
      await app?.exit;
      await dapr?.stop();
    });

    beforeEach(() => {
      dapr.calls.length = 0;
      dapr.published.length = 0;
      dapr.answer = { status: 204 };
      dapr.publishAnswer = undefined;
    });

    function post(): Promise<Response> {
      return fetch(`${app.url}/q-order-express-in`, { method: 'POST', body: ORDER });
    }

    it('tells the topic that an order is written, and nothing of what is in it', async () => {
      const beforeMs = Date.now();
      expect((await post()).status).toBe(200);
      expect(dapr.calls.map(({ binding }) => binding)).toEqual(['express-outbox']);
      const [{ to, contentType, event } = { to: '', contentType: '', event: '' }, ...others] = dapr.published;
      expect(others).toEqual([]);
      expect(to).toBe('orders-events/orders');
      expect(contentType).toContain('application/cloudevents+json');
      const { time, ...told } = JSON.parse(event) as Record<string, unknown>;
      expect(told).toEqual({
        specversion: '1.0',
        id: 'evt_written_5',
        source: '/receivers/express',
        type: 'order.written',
        subject: '5',
        datacontenttype: 'application/json',
        data: { orderId: 5, delivery: 'express' },
      });
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Date.parse(String(time))).toBeGreaterThanOrEqual(beforeMs);
    });

    it('answers 502 where Dapr does not take the event, so that the order comes again', async () => {
      dapr.publishAnswer = { status: 500, body: 'the reason' };
      const { detail } = await expectProblem(await post(), 502);
      expect(detail).toMatch(/^Order 5: publishing to orders-events failed: .*the reason/);
      dapr.publishAnswer = undefined;
      expect((await post()).status).toBe(200);
      expect(dapr.published.map(({ event }) => JSON.parse(event).id)).toEqual(['evt_written_5', 'evt_written_5']);
    });

    it('tells nobody of an order that is not written', async () => {
      dapr.answer = { status: 500, body: 'the reason' };
      await expectProblem(await post(), 502);
      expect(dapr.published).toEqual([]);
    });
  });
}

/** No tokens, no events. */
const OPEN = { daprApiToken: '', appApiToken: '', events: 'off' } as const;

async function expectProblem(response: Response, status: number): Promise<Problem> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = (await response.json()) as Problem;
  expect(problem).toMatchObject({ type: 'about:blank', status, title: expect.any(String) });
  return problem;
}

/** Posts an order whose size is not announced, as daprd does, and resolves to the answer's status. */
function postInChunks(url: string, order: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/q-order-ingress`, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
    sent.on('response', response => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    // After an early answer the rest may find the connection closed; the promise is settled by then.
    sent.on('error', reject);
    sent.end(order);
  });
}
