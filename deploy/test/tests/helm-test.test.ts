import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { objectsOf, template } from '../src/chart.js';
import { rowNamed } from '../src/matrix.js';
import { merged } from '../src/values.js';

interface Request {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly token: string | undefined;
  readonly authorization: string | undefined;
}

/** Plays app and daprds: curl takes it for its proxy, so that the names in the cluster need not exist. */
let cluster: Server;
let requests: Request[] = [];

afterEach(() => {
  cluster.close();
  requests = [];
});

test('an order of each kind goes to the distributor, is looked for until it is there, and removed', async () => {
  let looks = 0;
  await startCluster(({ url, body }) => {
    if (url.endsWith('/q-order-ingress')) return [200, ''];
    const { operation, metadata } = JSON.parse(body) as { operation: string; metadata: { blobName: string } };
    if (operation === 'delete') return [204, ''];
    // Each is there at the second look.
    return ++looks % 2 === 0 ? [200, `{"orderId":${metadata.blobName}}`] : [500, 'not found'];
  });
  const { exitCode, all } = await run('spin-shared-fixed-identity');
  expect(exitCode, all).toBe(0);
  const ids = requests.filter(({ url }) => url.endsWith('-ingress')).map(({ body }) => orderOf(body));
  expect(ids.map(({ delivery }) => delivery)).toEqual(['Express', 'Standard']);
  expect(requests.map(({ url }) => url)).toEqual(
    ['express', 'standard'].flatMap(kind => {
      const binding = `http://spin-receiver-${kind}-dapr:3500/v1.0/bindings/${kind}-outbox`;
      return ['http://spin-distributor/q-order-ingress', binding, binding, binding];
    }),
  );
  expect(new Set(ids.map(({ orderId }) => orderId)).size).toBe(2);
  for (const { orderId } of ids) expect(Number.isSafeInteger(orderId)).toBe(true);
});

test('an order that the distributor refuses fails the test', async () => {
  await startCluster(() => [502, '']);
  expect((await run('express-sidecar-fixed-identity')).exitCode).not.toBe(0);
});

test('an order that is never written fails the test, with where to look', async () => {
  await startCluster(({ url }) => (url.endsWith('/q-order-ingress') ? [200, ''] : [500, '']));
  const { exitCode, all } = await run('express-shared-fixed-identity');
  expect(exitCode).toBe(1);
  expect(all).toMatch(/\(Express\) has no blob in express-outbox after 5 s: see the logs of express-receiver-\*/);
});

test('where orders travel by topics each comes to the distributor as a delivery of one', async () => {
  await startCluster(({ url, body }) =>
    url.endsWith('/t-order-ingress') ? [200, statuses(body, 'SUCCESS')] : [200, body],
  );
  const { exitCode, all } = await run('express-bulk');
  expect(exitCode, all).toBe(0);
  const delivered = requests.filter(({ url }) => url === 'http://express-bulk-distributor/t-order-ingress');
  expect(delivered.map(({ body }) => entriesOf(body).map(({ event }) => orderOf(event).delivery))).toEqual([
    ['Express'],
    ['Standard'],
  ]);
  for (const { body } of delivered) {
    for (const { entryId, event } of entriesOf(body)) expect(entryId).toBe(`${orderOf(event).orderId}`);
  }
});

test('an order that the distributor does not forward from its delivery fails the test, with what it answered', async () => {
  await startCluster(({ body }) => [200, statuses(body, 'RETRY')]);
  const { exitCode, all } = await run('express-bulk');
  expect(exitCode).toBe(1);
  expect(all).toMatch(/\(Express\) is not forwarded, express-bulk-distributor answers \{.*"RETRY".*\}: see its log/);
});

test('with the Order API each order is posted to it, asked for until it is written, and leaves nothing', async () => {
  let looks = 0;
  await startCluster(({ method, url, body }) => {
    if (method === 'GET') return [200, `{"orderId":1,"status":"${++looks % 2 === 0 ? 'written' : 'accepted'}"}`];
    if (url.endsWith('/orders')) return [202, ''];
    return [200, body];
  });
  const { exitCode, all } = await run('express-api', { ORDERS_API_TOKEN: 'of callers' });
  expect(exitCode, all).toBe(0);
  const ids = requests.filter(({ url }) => url.endsWith('/orders')).map(({ body }) => orderOf(body));
  expect(ids.map(({ delivery }) => delivery)).toEqual(['Express', 'Standard']);
  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
    ids.flatMap(({ orderId, delivery }) => {
      const kind = delivery.toLowerCase();
      const binding = `POST http://express-receiver-${kind}-dapr:3500/v1.0/bindings/${kind}-outbox`;
      const order = `GET http://express-orders-api/orders/${orderId}`;
      const state = `DELETE http://express-orders-api-dapr:3500/v1.0/state/orders-state/order-${orderId}`;
      return ['POST http://express-orders-api/orders', order, order, state, binding, binding];
    }),
  );
  for (const { url, authorization } of requests) {
    expect(authorization).toBe(url.includes(':3500/') ? undefined : 'Bearer of callers');
  }
});

test('an order that the API never shows as written fails the test, with where to look', async () => {
  await startCluster(({ method }) => [method === 'GET' ? 200 : 202, '{"status":"accepted"}']);
  const { exitCode, all } = await run('express-api', { ORDERS_API_TOKEN: 'of callers' });
  expect(exitCode).toBe(1);
  expect(all).toMatch(/\(Express\) is not shown as written after 5 s: see the logs of express-orders-view/);
});

test('the distributor is asked again until it can be reached', async () => {
  let looks = 0;
  await startCluster(
    ({ url, body }) => [200, url.endsWith('/q-order-ingress') ? '' : body],
    () => (++looks > 2 ? 200 : 503),
  );
  const { exitCode, all } = await run('express-shared-fixed-identity');
  expect(exitCode, all).toBe(0);
  expect(looks).toBe(3);
});

test('a distributor that is never reached fails the test, with what may be in the way', async () => {
  await startCluster(
    () => [200, ''],
    () => 503,
  );
  const { exitCode, all } = await run('express-shared-fixed-identity');
  expect(exitCode).toBe(1);
  expect(all).toMatch(/express-distributor did not answer within 5 s/);
});

test('Dapr’s token goes to Dapr, and the app’s to the app', async () => {
  await startCluster(({ url, body }) => [200, url.endsWith('/q-order-ingress') ? '' : body]);
  expect((await run('express-token', { DAPR_API_TOKEN: 'of Dapr', APP_API_TOKEN: 'of the app' })).exitCode).toBe(0);
  for (const { url, token } of requests) expect(token).toBe(url.includes(':3500/') ? 'of Dapr' : 'of the app');
});

/** @param health what the distributor's probe answers; no request that `answer` or a test sees. */
async function startCluster(
  answer: (request: Request) => readonly [number, string],
  health: () => number = () => 200,
): Promise<void> {
  cluster = createServer(async (incoming, response) => {
    if (incoming.url?.endsWith('/healthz') || incoming.url?.endsWith('/health')) {
      response.writeHead(health()).end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { 'dapr-api-token': token, authorization } = incoming.headers;
    const request = {
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      body: Buffer.concat(chunks).toString(),
      token: token?.toString(),
      authorization,
    };
    requests.push(request);
    const [status, body] = answer(request);
    response.writeHead(status).end(body);
  });
  cluster.listen(0, '127.0.0.1');
  await once(cluster, 'listening');
}

/** Runs the script of the rendered Job as its container would. */
async function run(rowName: string, env: Readonly<Record<string, string>> = {}) {
  const row = rowNamed(rowName);
  const { output } = await template({ ...row, values: merged(row.values, { test: { timeoutSeconds: 10 } }) });
  const job = objectsOf(output).find(({ kind }) => kind === 'Job');
  const made = job?.spec?.template as PodTemplate | undefined;
  const container = made?.spec.containers[0];
  const [program = '', ...args] = [...(container?.command ?? []), ...(container?.args ?? [])];
  const proxy = `http://127.0.0.1:${(cluster.address() as AddressInfo).port}`;
  return execa(program, args, {
    reject: false,
    all: true,
    stdin: 'ignore',
    env: { http_proxy: proxy, no_proxy: '', ...env },
  });
}

function orderOf(body: string): { readonly orderId: number; readonly delivery: string } {
  return JSON.parse(body);
}

/** The entries of a bulk delivery, each with its event as text. */
function entriesOf(body: string): { readonly entryId: string; readonly event: string }[] {
  const { entries } = JSON.parse(body) as { entries: { entryId: string; event: string }[] };
  return entries.map(({ entryId, event }) => ({ entryId, event: Buffer.from(event, 'base64').toString() }));
}

/** What the distributor answers to a bulk delivery. */
function statuses(body: string, status: 'SUCCESS' | 'RETRY'): string {
  return JSON.stringify({ statuses: entriesOf(body).map(({ entryId }) => ({ entryId, status })) });
}

interface PodTemplate {
  readonly spec: { readonly containers: readonly { readonly command: string[]; readonly args: string[] }[] };
}
