import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  AppProcess,
  CONTENT,
  DAPR_CASES,
  FAITHFUL_NUMBERS,
  FakeDapr,
  REFUSED_BODIES,
  UNFAITHFUL_NUMBERS,
} from '@order-bench/app-contract';
import { type AppId, INPUT_TOPIC, MAX_ORDER_BYTES } from '@order-bench/orders';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const COMMAND = [process.execPath, fileURLToPath(new URL('../dist/main.js', import.meta.url))];
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const express = (orderId: number) => `{"orderId":${orderId},"delivery":"Express","firstName":"${CONTENT}"}`;
const standard = (orderId: number) => `{"orderId":${orderId},"delivery":"standard","firstName":"${CONTENT}"}`;
const base64 = (body: string | Uint8Array) => Buffer.from(body).toString('base64');

/** A message as Dapr delivers it; its id is the place that it has in its delivery. */
interface Sent {
  readonly body: string | Uint8Array;
  readonly properties?: Readonly<Record<string, string>>;
}

let dapr: FakeDapr;
let app: AppProcess;
let role: AppId;

/** Has one process of a role, and a Dapr, for the tests of a block; the last of them may end it. */
function useApp(appId: AppId, env: Readonly<Record<string, string>> = {}): void {
  beforeAll(async () => {
    role = appId;
    dapr = await FakeDapr.start();
    dapr.apiToken = env.DAPR_API_TOKEN;
    app = await AppProcess.startProgram(COMMAND, { APP_ID: appId, DAPR_HTTP_PORT: String(dapr.port), ...env });
    const healthy = async () => expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    await vi.waitFor(healthy, { timeout: 20_000 });
  });

  beforeEach(() => {
    dapr.release();
    dapr.calls.length = 0;
    dapr.headers.length = 0;
    dapr.published.length = 0;
    dapr.answer = { status: 204 };
    dapr.publishAnswer = undefined;
  });

  afterAll(async () => {
    app?.kill('SIGKILL');
    await app?.exit;
    await dapr?.stop();
  });
}

function post(body: string | Uint8Array, init: RequestInit = {}): Promise<Response> {
  return fetch(`${app.url}/${INPUT_TOPIC[role]}`, { method: 'POST', body, ...init });
}

/** Delivers messages at once, as daprd 1.18 does, and resolves to the status of each. */
async function deliver(...messages: readonly (string | Uint8Array | Sent)[]): Promise<string[]> {
  const response = await post(delivery(messages));
  expect(response.status).toBe(200);
  const { statuses } = (await response.json()) as { statuses: { entryId: string; status: string }[] };
  const byEntry = new Map(statuses.map(({ entryId, status }) => [entryId, status]));
  expect(byEntry.size).toBe(messages.length);
  return messages.map((_, index) => byEntry.get(`entry-${index}`) ?? 'none');
}

function delivery(messages: readonly (string | Uint8Array | Sent)[]): string {
  const entries = messages.map((message, index) => {
    const { body, properties = {} } =
      typeof message === 'string' || message instanceof Uint8Array ? { body: message } : message;
    const metadata = { 'metadata.MessageId': `message-${index}`, 'metadata.DeliveryCount': '0' };
    const own = Object.fromEntries(Object.entries(properties).map(([name, value]) => [`metadata.${name}`, value]));
    const contentType = 'application/octet-stream';
    return { entryId: `entry-${index}`, event: base64(body), metadata: { ...metadata, ...own }, contentType };
  });
  const rest = {
    type: 'com.dapr.event.sent.bulk',
    topic: INPUT_TOPIC[role],
    pubsubname: 'orders-topics',
    metadata: null,
  };
  return JSON.stringify({ id: '1', ...rest, entries });
}

interface BulkEntry {
  readonly entryId: string;
  readonly event: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What was published in bulk to a topic. */
function bulk(topic: string): BulkEntry[] {
  const to = `bulk/orders-topics/${topic}`;
  return dapr.published.filter(call => call.to === to).flatMap(({ event }) => JSON.parse(event) as BulkEntry[]);
}

describe('the distributor, in bulk', () => {
  useApp('distributor');

  it('forwards a delivery in one call a route, each order as the bytes that came and under its id', async () => {
    expect(await deliver(express(1), standard(2), express(3), standard(4))).toEqual(Array(4).fill('SUCCESS'));
    expect(dapr.published.map(({ to }) => to).sort()).toEqual([
      'bulk/orders-topics/t-order-express',
      'bulk/orders-topics/t-order-standard',
    ]);
    for (const { metadata } of dapr.published) expect(metadata).toEqual({ rawPayload: 'true' });
    const contentType = 'application/octet-stream';
    expect(bulk('t-order-express')).toEqual([
      { entryId: '0', event: base64(express(1)), contentType, metadata: { MessageId: '1' } },
      { entryId: '1', event: base64(express(3)), contentType, metadata: { MessageId: '3' } },
    ]);
    expect(bulk('t-order-standard').map(({ metadata }) => metadata)).toEqual([{ MessageId: '2' }, { MessageId: '4' }]);
    expect(dapr.calls).toEqual([]);
  });

  it('passes on every number that Dapr would not alter, as it was spelled', async () => {
    expect(await deliver(FAITHFUL_NUMBERS, express(1))).toEqual(['SUCCESS', 'SUCCESS']);
    expect(bulk('t-order-express')[0]?.event).toBe(base64(FAITHFUL_NUMBERS));
  });

  it('takes an order as often as it comes, twice in a delivery too', async () => {
    expect(await deliver(express(1), express(1))).toEqual(['SUCCESS', 'SUCCESS']);
    expect(bulk('t-order-express').map(({ entryId }) => entryId)).toEqual(['0', '1']);
  });

  it('sends an order of the largest size by itself, and the others beside it in few calls', async () => {
    const largest = express(1).padEnd(MAX_ORDER_BYTES);
    const large = (orderId: number) => express(orderId).padEnd(20_000);
    expect(await deliver(express(2), largest, large(3), large(4), large(5), large(6))).toEqual(
      Array(6).fill('SUCCESS'),
    );
    const alone = dapr.published.filter(({ to }) => to === 'orders-topics/t-order-express');
    expect(alone.map(({ event }) => event)).toContain(largest);
    expect(alone.find(({ event }) => event === largest)?.metadata).toEqual({ rawPayload: 'true', MessageId: '1' });
    expect(dapr.published.every(({ event }) => event === largest || event.length <= 131_072)).toBe(true);
    expect(dapr.published.length).toBeLessThanOrEqual(4);
  });

  it('drops what is no order once the topic of dead letters has it with its bytes, its id and the reason', async () => {
    const refused = REFUSED_BODIES.map(([, body]) => body);
    expect(await deliver(...refused, express(1))).toEqual([...Array(refused.length).fill('DROP'), 'SUCCESS']);
    const letters = dapr.published.filter(({ to }) => to === 'orders-topics/t-order-dead');
    expect(letters).toHaveLength(refused.length);
    for (const [index, body] of refused.entries()) {
      const letter = letters.find(({ metadata }) => metadata.MessageId === `message-${index}`);
      expect(letter?.event).toBe(Buffer.from(body).toString());
      expect(letter?.metadata).toMatchObject({
        rawPayload: 'true',
        DeadLetterReason: 'malformed',
        DeadLetterErrorDescription: expect.stringContaining('malformed'),
      });
    }
  });

  it('drops an order with a number that Dapr would alter, and one that is too large as it stands or as Dapr writes it', async () => {
    const unfaithful = UNFAITHFUL_NUMBERS.map(([body]) => body);
    const grown = express(1)
      .replace(CONTENT, '')
      .replace('}', `,"html":"${'<'.repeat(MAX_ORDER_BYTES / 5)}"}`);
    const bodies = [...unfaithful, grown, express(1).padEnd(MAX_ORDER_BYTES + 1)];
    expect(await deliver(...bodies)).toEqual(Array(bodies.length).fill('DROP'));
    const reasons = dapr.published.map(({ metadata }) => metadata.DeadLetterReason);
    expect(reasons.filter(reason => reason === 'malformed')).toHaveLength(unfaithful.length);
    expect(reasons.filter(reason => reason === 'too-large')).toHaveLength(2);
  });

  it('asks for what is no order once more where the topic of dead letters does not take it', async () => {
    dapr.answer = { status: 500, body: '{"errorCode":"ERR_PUBSUB_PUBLISH_MESSAGE"}' };
    expect(await deliver('[]')).toEqual(['RETRY']);
  });

  it.each(DAPR_CASES)('where Dapr %s, of one order and of several', async (_what, answer, status) => {
    dapr.answer = answer;
    const expected = status === 200 ? 'SUCCESS' : 'RETRY';
    expect(await deliver(express(1), express(2), standard(3))).toEqual(Array(3).fill(expected));
  });

  it.each<[string, object, string[]]>([
    ['some', { failedEntries: [{ entryId: '1', error: 'no room' }] }, ['SUCCESS', 'RETRY', 'SUCCESS']],
    ['all', { failedEntries: ['0', '1', '2'].map(entryId => ({ entryId })) }, ['RETRY', 'RETRY', 'RETRY']],
    ['none', { failedEntries: [] }, ['RETRY', 'RETRY', 'RETRY']],
    ['one that nobody knows', { failedEntries: [{ entryId: '1' }, { entryId: '7' }] }, ['RETRY', 'RETRY', 'RETRY']],
    ['entries in another form', { failedEntries: [{ entryID: '1' }] }, ['RETRY', 'RETRY', 'RETRY']],
    ['what is no list', { failedEntries: { entryId: '1' } }, ['RETRY', 'RETRY', 'RETRY']],
  ])(
    'takes for sent only what a failed call of Dapr leaves out by name: it names %s',
    async (_what, body, expected) => {
      dapr.answer = { status: 500, body: JSON.stringify({ errorCode: 'ERR_PUBSUB_PUBLISH_MESSAGE', ...body }) };
      expect(await deliver(express(1), express(2), express(3))).toEqual(expected);
    },
  );

  it('asks for orders once more where Dapr takes longer than 10 s or breaks off, and serves others meanwhile', async () => {
    dapr.answer = 'silence';
    const late = deliver(express(1), express(2));
    await vi.waitFor(() => expect(dapr.published).toHaveLength(1), { timeout: 20_000 });
    dapr.answer = 'cut-half-way';
    const cut = deliver(standard(3), standard(4));
    await vi.waitFor(() => expect(dapr.published).toHaveLength(2), { timeout: 20_000 });
    dapr.answer = { status: 204 };
    expect(await deliver(express(5))).toEqual(['SUCCESS']);
    expect(await late).toEqual(['RETRY', 'RETRY']);
    expect(await cut).toEqual(['RETRY', 'RETRY']);
  });

  it('asks for orders once more while Dapr is away, from the first one on', async () => {
    const { port } = dapr;
    await dapr.stop();
    expect(await deliver(express(1), standard(2))).toEqual(['RETRY', 'RETRY']);
    dapr = await FakeDapr.start(port);
    expect(await deliver(express(1), standard(2))).toEqual(['SUCCESS', 'SUCCESS']);
  });

  it('passes the trace of each order on in its message, and takes none that is not well-formed', async () => {
    const traced = { body: express(1), properties: { traceparent: TRACEPARENT, tracestate: 'a=1' } };
    const wrong = { body: express(2), properties: { traceparent: CONTENT } };
    expect(await deliver(traced, wrong, express(3))).toEqual(Array(3).fill('SUCCESS'));
    expect(bulk('t-order-express').map(({ metadata }) => metadata)).toEqual([
      { MessageId: '1', traceparent: TRACEPARENT },
      { MessageId: '2' },
      { MessageId: '3' },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['text', CONTENT],
    ['an order', express(1)],
    ['entries without an event', '{"entries":[{"entryId":"1"}]}'],
  ])('answers 400 to what is no bulk delivery: %s', async (_what, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.text()).not.toContain(CONTENT);
    expect(dapr.published).toEqual([]);
  });

  it('takes an empty delivery', async () => {
    expect(await deliver()).toEqual([]);
  });

  it('answers 404 to every other route, 405 to every other method, 200 to OPTIONS and 400 to what is compressed', async () => {
    for (const path of ['/', '/q-order-ingress', '/T-ORDER-INGRESS', '/t-order-express', '/dapr/subscribe'])
      expect((await fetch(app.url + path, { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await post('', { method: 'PUT' })).status).toBe(405);
    expect((await fetch(`${app.url}/t-order-ingress`, { method: 'OPTIONS' })).status).toBe(200);
    expect((await post(delivery([express(1)]), { headers: { 'content-encoding': 'gzip' } })).status).toBe(400);
  });

  it('answers 413 to a delivery that is larger than any can be', async () => {
    const response = await post(Buffer.alloc(150_000_000, ' '));
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('The delivery has 150000000 bytes');
  });

  it('finishes a delivery in flight on SIGTERM, answers 503 to a new one, and exits with 0; it has logged failures, and no content', async () => {
    dapr.answer = { status: 500, body: 'the reason' };
    await deliver({ body: express(1), properties: { traceparent: TRACEPARENT } }, express(2));
    dapr.published.length = 0;
    dapr.answer = 'silence';
    const inFlight = deliver(express(3), express(4));
    await vi.waitFor(() => expect(dapr.published).toHaveLength(1), { timeout: 20_000 });
    app.kill('SIGTERM');
    await vi.waitFor(async () => expect((await fetch(`${app.url}/healthz`)).status).toBe(503), { timeout: 20_000 });
    expect((await post(delivery([express(5)]))).status).toBe(503);
    dapr.release();
    expect(await inFlight).toEqual(['SUCCESS', 'SUCCESS']);
    const { code, output } = await app.exit;
    expect(code).toBe(0);
    const failed = output.split('\n').find(line => line.includes(TRACEPARENT));
    expect(failed).toMatch(/Order 1: publishing to the topic t-order-express failed: .*the reason/);
    for (const text of ['malformed', 'too-large', 'binding-timed-out', '10000 ms']) expect(output).toContain(text);
    expect(output).not.toContain(CONTENT);
  });
});

describe('a receiver, in bulk', () => {
  useApp('receiver-standard', { EVENTS: 'on' });

  it('stores each order of a delivery as one blob, tells the topic of events, and asks once more for what is not confirmed', async () => {
    const traced = { body: standard(2), properties: { traceparent: TRACEPARENT, tracestate: 'a=1' } };
    expect(await deliver(standard(1), traced, express(3))).toEqual(Array(3).fill('SUCCESS'));
    const stored = dapr.calls.map(({ binding, body }) => [binding, JSON.parse(body).metadata.blobName]);
    expect(stored.sort()).toEqual([
      ['express-outbox', '3'],
      ['standard-outbox', '1'],
      ['standard-outbox', '2'],
    ]);
    const headers = dapr.headers.filter(({ traceparent }) => traceparent !== undefined);
    expect(headers).toEqual([expect.objectContaining({ traceparent: TRACEPARENT, tracestate: 'a=1' })]);
    const events = dapr.published.map(({ to, event }) => [to, JSON.parse(event).id]);
    expect(events.sort()).toEqual(['1', '2', '3'].map(id => ['orders-events/orders', `evt_written_${id}`]));
    dapr.publishAnswer = { status: 500, body: 'the reason' };
    expect(await deliver(standard(1))).toEqual(['RETRY']);
    dapr.answer = { status: 500, body: 'the reason' };
    expect(await deliver(standard(1), standard(2))).toEqual(['RETRY', 'RETRY']);
  });

  it('drops what is no order once the topic of dead letters has it, and stores the others', async () => {
    expect(await deliver('[]', standard(1))).toEqual(['DROP', 'SUCCESS']);
    const letters = dapr.published.filter(({ to }) => to === 'orders-topics/t-order-dead');
    expect(letters.map(({ metadata }) => metadata.MessageId)).toEqual(['message-0']);
    expect(dapr.calls.map(({ binding }) => binding)).toEqual(['standard-outbox']);
  });
});

describe('with tokens, in bulk', () => {
  const env = { DAPR_API_TOKEN: 'token-of-dapr-4711', APP_API_TOKEN: 'token-of-the-app-4712' };
  const [appToken, daprToken] = [env.APP_API_TOKEN, env.DAPR_API_TOKEN];
  useApp('receiver-express', env);

  it('takes orders of a caller with the app’s token to Dapr with Dapr’s, and publishes nothing unless told', async () => {
    const init = { headers: { 'dapr-api-token': appToken } };
    const statuses = async () => (await (await post(delivery([express(1)]), init)).json()) as unknown;
    expect(await statuses()).toEqual({ statuses: [{ entryId: 'entry-0', status: 'SUCCESS' }] });
    expect(dapr.published).toEqual([]);
    dapr.apiToken = 'another';
    expect(await statuses()).toEqual({ statuses: [{ entryId: 'entry-0', status: 'RETRY' }] });
    dapr.apiToken = daprToken;
  });

  it('answers 401 to any other caller, whatever it asks, before a body has come whole; and logs no token', async () => {
    for (const token of [undefined, '', `${appToken}x`, daprToken]) {
      const headers = token === undefined ? {} : { 'dapr-api-token': token };
      expect((await post(delivery([express(1)]), { headers })).status).toBe(401);
    }
    expect((await fetch(`${app.url}/t-order-express`)).status).toBe(401);
    const caller = connect(Number(new URL(app.url).port), '127.0.0.1');
    caller.write('POST /t-order-express HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1000000\r\n\r\n{');
    const [head] = await once(caller, 'data');
    caller.destroy();
    expect(String(head)).toMatch(/^HTTP\/1\.1 401 /);
    expect(dapr.calls).toEqual([]);
    app.kill('SIGTERM');
    const { output } = await app.exit;
    expect(output).toContain('unauthorized');
    for (const secret of [appToken, daprToken, CONTENT]) expect(output).not.toContain(secret);
  });
});
