import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiClient } from './api-client.js';
import { WebhookSink } from './webhook-sink.js';

const KEY = Buffer.alloc(32, 7);
let server: Server;
let sink: WebhookSink;
let url: string;

beforeEach(async () => {
  // All of an Order API that a partner needs: it takes the registration, and tells the secret.
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    ({ url } = JSON.parse(Buffer.concat(chunks).toString()) as { url: string });
    response.writeHead(201).end(JSON.stringify({ secret: `whsec_${KEY.toString('base64')}` }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const api = new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'secret');
  sink = await WebhookSink.start(api, { deadlineMs: Date.now() + 20_000 });
});

afterEach(async () => {
  await sink.stop();
  server.close();
  server.closeAllConnections();
});

it('refuses the first webhook of every tenth event, and finds nothing wrong where each came and was signed', async () => {
  const ids = Array.from({ length: 20 }, (_, at) => String(at + 1));
  const statuses = [];
  for (const id of ids) statuses.push(await tell(id));
  expect(statuses.flatMap((status, at) => (status === 503 ? [at + 1] : []))).toEqual([10, 20]);
  expect([await tell('10'), await tell('20'), await tell('1')]).toEqual([204, 204, 204]);
  expect(sink.findings(ids)).toEqual({ webhooks: 23, refused: 2, failures: [] });
});

it('tells when it has taken the webhook of an order: that which came again, where it refused the first', async () => {
  for (let order = 1; order <= 9; order++) await tell(String(order));
  const taken = sink.taken('10');
  expect(await tell('10')).toBe(503);
  const refusedMs = Date.now();
  await tell('10');
  expect(await taken).toMatchObject({ isRepeated: true });
  expect((await taken).atMs).toBeGreaterThanOrEqual(refusedMs);
  expect(await sink.taken('9')).toMatchObject({ isRepeated: false });
});

it('names events that it was not told of, those that there were not, and what is not signed or of another order', async () => {
  await tell('1');
  await tell('9');
  await tell('2', { key: Buffer.alloc(32, 8) });
  await tell('3', { orderId: 4 });
  expect(sink.findings(['1', '2', '3', '5']).failures).toEqual([
    'events that no webhook told of: 1 (evt_written_5)',
    'webhooks of events that there were not: 1 (evt_written_9)',
    'webhooks with a wrong signature or content: 2 (evt_written_2, evt_written_3)',
  ]);
});

/** Signs as Standard Webhooks 1.0.0 has it. */
async function tell(order: string, { key = KEY, orderId = Number(order) } = {}): Promise<number> {
  const [id, timestamp, body] = [
    `evt_written_${order}`,
    String(Math.floor(Date.now() / 1000)),
    JSON.stringify({ data: { orderId } }),
  ];
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const { status } = await fetch(url, {
    method: 'POST',
    headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` },
    body,
  });
  return status;
}
