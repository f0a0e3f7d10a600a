import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { findDaprd, type QueueState, type Rig, startRig } from '@order-bench/rig';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { goJson } from '../src/workload/go-json.js';
import { INGRESS_QUEUE, QUEUES } from '../src/workload/pipeline.js';
import { Recorder } from './recorder.js';

/** Longer than the 20 s between daprd's renewals, and shorter than the wait of a test. */
const LOCK_MS = 30_000;
const MIB = 1024 ** 2;
const WAIT = { timeout: 60_000, interval: 100 };
const EXPRESS_QUEUE = 'q-order-express';
/** A queue that holds no live message. */
const EMPTY = { active: 0, scheduled: 0, locked: 0 };
/** Dapr's answer once the broker has the message. */
const ACCEPTED = { status: 204, body: '' };
/** Properties whose names are headers of one connection, or of the body's length or coding. */
const CONNECTION_HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['content-length', '3'],
  ['Content-Length', 'three'],
  ['content-length', '1000000'],
  ['Content-Encoding', 'gzip'],
  ['connection', 'id'],
  ['expect', '200-ok'],
  ['host', 'evil.example'],
  ['keep-alive', 'timeout=0'],
  ['proxy-connection', 'close'],
  ['te', 'gzip'],
  ['trailer', 'x-order'],
  ['transfer-encoding', 'gzip, chunked'],
  ['upgrade', 'h2c'],
  ['two words', '1'],
  ['col:on', '1'],
];

const distributor = new Recorder('distributor');
const express = new Recorder('receiver-express');
const recorders = [distributor, express, new Recorder('receiver-standard')];

let rig: Rig;
let bus: ServiceBusClient;
/** Each test has a message id of its own, by which it knows its deliveries. */
let messageId: string;

beforeAll(async () => {
  rig = await startRig({
    runDir: await mkdtemp(join(tmpdir(), 'order-bench-daprd-')),
    queues: QUEUES,
    apps: recorders.map(({ app }) => app),
    blobs: 'local',
    daprd: (await findDaprd()).command,
    lockDurationMs: LOCK_MS,
  });
  bus = new ServiceBusClient(rig.serviceBusConnectionString);
}, 120_000);

afterAll(async () => {
  await bus?.close();
  await rig?.stop();
}, 60_000);

beforeEach(async () => {
  messageId = randomUUID();
  await Promise.all(recorders.map(recorder => recorder.forget()));
  // What the test before left with an app is answered now; purged under daprd's lock it would be settled in vain.
  await vi.waitUntil(async () => (await rig.broker.queues()).every(({ locked }) => locked === 0), WAIT);
  await Promise.all(QUEUES.map(queue => rig.broker.purge(queue)));
});

it('daprd starts without an error in its log', async () => {
  const logs = (await readdir(rig.logDir)).filter(file => file.startsWith('daprd-'));
  expect(logs).toHaveLength(recorders.length);
  for (const file of logs) expect(await readFile(join(rig.logDir, file), 'utf8')).not.toContain('level=error');
});

describe('daprd reads the broker with its input binding:', { timeout: 180_000 }, () => {
  it.each<[string, Buffer]>([
    ['a JSON object with blanks and unsorted keys', Buffer.from('{ "b": 1.0,\n"a" : "<\u00e9>" }')],
    ['JSON that breaks off', Buffer.from('{"orderId": 1, "items": [')],
    ['an empty body', Buffer.alloc(0)],
    ['every byte there is', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ['almost 1 MiB', Buffer.alloc(MIB - 1_000, '{"long":"order"}')],
  ])('%s reaches the app unchanged, as application/json', async (_, body) => {
    await send({ body });
    await expect.poll(() => distributor.deliveriesOf(messageId), WAIT).toHaveLength(1);
    const [delivery] = await distributor.deliveriesOf(messageId);
    expect(delivery).toMatchObject({ path: `/${INGRESS_QUEUE}`, headers: { 'content-type': 'application/json' } });
    expect(delivery?.body.equals(body)).toBe(true);
  });

  it('the ids, the subject and the string application properties of a message arrive as headers', async () => {
    await send({
      body: Buffer.from('{}'),
      correlationId: 'burst-7',
      subject: 'order',
      applicationProperties: { city: 'Zürich & Köln', attempt: 2 },
    });
    await expect.poll(() => distributor.deliveriesOf(messageId), WAIT).toHaveLength(1);
    const [delivery] = await distributor.deliveriesOf(messageId);
    expect(delivery?.headers).toMatchObject({
      id: messageId,
      correlationid: 'burst-7',
      label: 'order',
      city: 'Z%C3%BCrich+%26+K%C3%B6ln',
    });
    expect(delivery?.headers).not.toHaveProperty('attempt');
  });

  // Dapr makes HTTP headers of properties; our build keeps these from breaking the call (local/daprd/message_headers.go).
  it('properties that would be headers of the connection or of the body reach no app; their orders do, at once', async () => {
    const body = Buffer.from('{"orderId":1}');
    const ids = await Promise.all(
      CONNECTION_HEADERS.map(async ([name, value]) => {
        const id = randomUUID();
        await send({ body, messageId: id, applicationProperties: { [name]: value, city: 'Lund' } });
        return id;
      }),
    );
    await send({ body });
    for (const [index, id] of [...ids, messageId].entries()) {
      await expect.poll(() => distributor.deliveriesOf(id), WAIT).toHaveLength(1);
      const [delivery] = await distributor.deliveriesOf(id);
      expect(delivery?.body.equals(body)).toBe(true);
      const [name, value] = CONNECTION_HEADERS[index] ?? ['city', 'none'];
      expect(delivery?.headers[name.toLowerCase()], name).not.toBe(value);
      if (id !== messageId) expect(delivery?.headers).toMatchObject({ city: 'Lund' });
    }
    await expect.poll(ingress, WAIT).toMatchObject({ ...EMPTY, counters: { abandoned: 0 } });
  });

  it('of more properties than fit in headers the smallest reach the app, and the order does', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`p${index}`, 'x'.repeat(80)]));
    await send({ body: Buffer.from('{}'), applicationProperties: { city: 'Lund', long: 'x'.repeat(20_000), ...many } });
    await expect.poll(() => distributor.deliveriesOf(messageId), WAIT).toHaveLength(1);
    const [delivery] = await distributor.deliveriesOf(messageId);
    expect(delivery?.headers).toMatchObject({ city: 'Lund' });
    expect(delivery?.headers).not.toHaveProperty('long');
    expect(Object.keys(delivery?.headers ?? {}).length).toBeLessThan(100);
  });

  it('an answer of 200 completes the message', async () => {
    await send({ body: Buffer.from('{}') });
    await expect.poll(ingress, WAIT).toMatchObject({
      ...EMPTY,
      deadLettered: 0,
      counters: { sent: 1, delivered: 1, completed: 1, abandoned: 0 },
    });
  });

  it('an answer of 4xx abandons the message at once, and the tenth leaves it among the dead letters', async () => {
    const body = Buffer.from('{"orderId": no number}');
    await distributor.answer(INGRESS_QUEUE, 400);
    await send({ body });
    await expect.poll(ingress, WAIT).toMatchObject({
      ...EMPTY,
      deadLettered: 1,
      counters: { delivered: 10, redelivered: 9, abandoned: 10, completed: 0, deadLettered: 1, locksExpired: 0 },
    });
    // As many calls as deliveries: none was tried twice.
    expect(await distributor.deliveriesOf(messageId)).toHaveLength(10);
    const letters = bus.createReceiver(INGRESS_QUEUE, { subQueueType: 'deadLetter', skipParsingBodyAsJson: true });
    expect(await letters.peekMessages(10)).toMatchObject([
      { messageId, body, deadLetterReason: 'MaxDeliveryCountExceeded' },
    ]);
    await letters.close();
  });

  it('an answer of 5xx is retried inside one delivery', async () => {
    await distributor.answer(INGRESS_QUEUE, 503);
    await send({ body: Buffer.from('{}') });
    await vi.waitUntil(async () => (await distributor.deliveriesOf(messageId)).length >= 3, WAIT);
    await distributor.answer(INGRESS_QUEUE, 200);
    await expect.poll(ingress, WAIT).toMatchObject({
      ...EMPTY,
      deadLettered: 0,
      counters: { delivered: 1, redelivered: 0, abandoned: 0, completed: 1 },
    });
  });

  it('the lock is renewed while the app keeps a message for longer than the lock', async () => {
    // Meanwhile daprd asks the app again every 15 s (dapr-components/resiliency.yaml): still the one delivery.
    await distributor.answer(INGRESS_QUEUE, null);
    await send({ body: Buffer.from('{}') });
    const deliveredAtMs = await vi.waitUntil(async () => {
      const trace = (await rig.broker.messages(INGRESS_QUEUE)).find(message => message.messageId === messageId);
      return trace?.firstDeliveredAtMs;
    }, WAIT);
    await vi.waitUntil(() => Date.now() > deliveredAtMs + LOCK_MS + 5_000, WAIT);
    expect(await ingress()).toMatchObject({ locked: 1, counters: { completed: 0 } });
    await distributor.answer(INGRESS_QUEUE, 200);
    await expect.poll(ingress, WAIT).toMatchObject({
      ...EMPTY,
      counters: { delivered: 1, redelivered: 0, completed: 1, locksExpired: 0 },
    });
    expect((await ingress()).counters.locksRenewed).toBeGreaterThan(0);
  });
});

describe('daprd sends to the broker with its output binding:', { timeout: 180_000 }, () => {
  it('metadata MessageId is the id of the message, for its reader and for who peeks', async () => {
    await express.answer('q-order-express-in', null);
    expect(await sendExpress('{"orderId":1}')).toEqual(ACCEPTED);
    await expect.poll(() => express.deliveriesOf(messageId), WAIT).toHaveLength(1);
    const peeked = await bus.createReceiver(EXPRESS_QUEUE).peekMessages(10);
    expect(peeked).toMatchObject([{ messageId, body: { orderId: 1 } }]);
  });

  it.each<[string, string]>([
    ['an object', '{"z":1,"é":2,"a":{"c":null,"b":[true,{}]},"\\ud83d\\ude00":3,"\\uff5e":4}'],
    [
      'text with characters that Go escapes',
      '{"text":"<a href=\'&\'> \\u2028 \\u2029 \\u0000 \\b\\f\\n\\r\\t \\u007f \\" / \\\\"}',
    ],
    ['numbers', '[-0, 1.0, 1e20, 1e21, 1e-6, 1e-7, 0.1, 9007199254740992, 1.7976931348623157e308, 5e-324]'],
    ['numbers in another spelling', '[1.0,1E2,-0.0,-0e5,10e-1,0.10,1e+2,0.30000000000000004,123456789012345680000]'],
    ['a string', '"with its quotes"'],
  ])('data is written as Go writes JSON: %s', async (_, dataJson) => {
    expect(await sendExpress(dataJson)).toEqual(ACCEPTED);
    await expect.poll(() => express.deliveriesOf(messageId), WAIT).toHaveLength(1);
    const [delivery] = await express.deliveriesOf(messageId);
    expect(delivery?.body.toString()).toBe(goJson(dataJson));
  });

  // Why every app refuses an order with one of them (apps/orders).
  it.each([
    ['12345678901234567890', '12345678901234567000'],
    ['1234567890123456.78', '1234567890123456.8'],
    ['9007199254740993', '9007199254740992'],
    ['4.9e-324', '5e-324'],
    ['1e-400', '0'],
    ['-1e-400', '-0'],
  ])('a number that no double holds is altered: %s', async (number, altered) => {
    expect(await sendExpress(`[${number}]`)).toEqual(ACCEPTED);
    await expect.poll(() => express.deliveriesOf(messageId), WAIT).toHaveLength(1);
    const [delivery] = await express.deliveriesOf(messageId);
    expect(delivery?.body.toString()).toBe(`[${altered}]`);
  });

  it('a number beyond the range of a double is answered 400', async () => {
    expect((await sendExpress('[1e400]')).status).toBe(400);
  });

  it('metadata ScheduledEnqueueTimeUtc keeps a message back until then', async () => {
    const scheduledAtMs = Date.now() + 5_000;
    const ScheduledEnqueueTimeUtc = new Date(scheduledAtMs).toISOString();
    expect(await sendExpress('{}', { ScheduledEnqueueTimeUtc })).toEqual(ACCEPTED);
    await expect.poll(expressQueue, WAIT).toMatchObject({ ...EMPTY, counters: { scheduled: 1, completed: 1 } });
    const [trace] = await rig.broker.messages(EXPRESS_QUEUE);
    expect(trace).toMatchObject({ messageId, outcome: 'completed' });
    expect(trace?.firstDeliveredAtMs).toBeGreaterThanOrEqual(scheduledAtMs);
  });

  it('metadata ttlInSeconds lets a message expire that nobody takes', async () => {
    await rig.supervisor.takeDown('daprd-receiver-express');
    try {
      expect(await sendExpress('{}', { ttlInSeconds: '1' })).toEqual(ACCEPTED);
      await expect.poll(expressQueue, WAIT).toMatchObject({ ...EMPTY, deadLettered: 0, counters: { expired: 1 } });
    } finally {
      await rig.supervisor.bringUp('daprd-receiver-express');
    }
    const later = randomUUID();
    expect(await sendExpress('{}', { MessageId: later })).toEqual(ACCEPTED);
    await expect.poll(() => express.deliveriesOf(later), WAIT).toHaveLength(1);
    expect(await express.deliveriesOf(messageId)).toEqual([]);
  });

  it('a message over 1 MiB is answered 500, and nothing is queued', async () => {
    const answer = await sendExpress(JSON.stringify('x'.repeat(MIB)));
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toMatchObject({ errorCode: 'ERR_INVOKE_OUTPUT_BINDING' });
    expect(await expressQueue()).toMatchObject({ ...EMPTY, counters: { sent: 0 } });
    expect(await sendExpress(JSON.stringify('x'.repeat(MIB - 1_000)))).toEqual(ACCEPTED);
  });
});

/** Sends to the ingress queue as the generator does: bytes, so that nothing encodes them on the way. */
async function send(message: ServiceBusMessage & { body: Buffer }): Promise<void> {
  const sender = bus.createSender(INGRESS_QUEUE);
  await sender.sendMessages({ messageId, ...message });
  await sender.close();
}

function sendExpress(dataJson: string, metadata: Record<string, string> = {}) {
  return distributor.invoke('q-order-express-out', { dataJson, metadata: { MessageId: messageId, ...metadata } });
}

function ingress(): Promise<QueueState> {
  return stateOf(INGRESS_QUEUE);
}

function expressQueue(): Promise<QueueState> {
  return stateOf(EXPRESS_QUEUE);
}

async function stateOf(name: string): Promise<QueueState> {
  const queue = (await rig.broker.queues()).find(queue => queue.name === name);
  if (!queue) throw new Error(`the broker has no queue ${name}`);
  return queue;
}
