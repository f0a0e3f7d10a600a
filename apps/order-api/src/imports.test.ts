import { type Call, itImports } from '@order-bench/app-contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { type JobOptions, sendJob } from './do-job.js';
import { handleDelivery } from './from-dapr.js';
import { handleRequest } from './handle.js';
import { CHUNK_LINES, chunkKey, jobKey, readJob } from './import-store.js';
import { Fuse, killedEverywhere, MemoryCache, MemoryPipeline, MemoryQueue, MemoryState } from './memory-ports.js';
import { viewRoutes } from './view.js';
import { workerRoutes } from './worker.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };
/** Three chunks, in which every tenth line is an order. */
const LINES = Array.from({ length: 250 }, (_, at) => (at % 10 === 0 ? `{"delivery":"Express","at":${at}}` : '{}'));
const ORDERS = 25;

let state: MemoryState;
let pipeline: MemoryPipeline;
let queue: MemoryQueue;

beforeEach(() => {
  state = new MemoryState();
  pipeline = new MemoryPipeline();
  queue = new MemoryQueue();
});

const withFuse = (fuse: Fuse): JobOptions => ({
  state: fuse.guard(state),
  pipeline: fuse.guard(pipeline),
  queue: fuse.guard(queue),
  now: () => 0,
});

function api(method: string, url: string, headers: Readonly<Record<string, string>>, body: string, fuse = new Fuse()) {
  const { pathname, searchParams } = new URL(url, 'http://api');
  const bytes = new TextEncoder().encode(body);
  const request = {
    method,
    path: pathname,
    query: searchParams,
    header: (name: string) => headers[name],
    body: async (limitBytes: number) => (bytes.length > limitBytes ? undefined : bytes),
  };
  const rules = { webhookRules: { isLocal: true }, token: '', allowedOrigins: [] };
  return handleRequest(request, { ...withFuse(fuse), cache: new MemoryCache(), ...rules, now: Date.now });
}

const call: Call = async (method, url, headers = {}, body = '') => {
  const answer = await api(method, url, headers, body);
  return { ...answer, body: answer.body ?? '' };
};

const begin = async (lines: readonly string[], fuse = new Fuse()) => {
  const { headers } = await api('POST', '/imports', { ...NDJSON, 'idempotency-key': 'k' }, lines.join('\n'), fuse);
  return headers.location?.replace('/jobs/', '') ?? '';
};

/** A worker takes the first message of the queue: it is gone only once the worker answers 200. */
async function workOnce(fuse = new Fuse()): Promise<void> {
  const [{ message } = { message: undefined }] = queue.sent;
  const body = new TextEncoder().encode(JSON.stringify(message));
  const webhooks = { fetch, webhookRules: { isLocal: true }, webhookOrigin: 'orders.example', random: () => 0 };
  const request = {
    method: 'POST',
    path: '/q-jobs',
    query: new URLSearchParams(),
    header: () => undefined,
    body: async () => body,
  };
  const routes = workerRoutes({ ...withFuse(fuse), ...webhooks });
  expect((await handleDelivery(request, { routes, appApiToken: '' })).status).toBe(200);
  queue.sent.shift();
}

async function work(fuse?: Fuse): Promise<void> {
  while (queue.sent.length > 0) await workOnce(fuse);
}

/** Of all pages. */
async function linesOf(id: string) {
  const lines: { readonly line: number; readonly orderId?: number }[] = [];
  for (let next: string | undefined = `/imports/${id}?limit=200`; next; ) {
    const { body, headers } = await call('GET', next);
    lines.push(...(JSON.parse(body).lines ?? []));
    next = /<(.*)>/.exec(headers.link ?? '')?.[1];
  }
  return lines;
}

/** Of each line that is an order there is one order, under the id that the import tells. */
async function expectEachOnce(id: string): Promise<void> {
  expect(await readJob(state, id)).toMatchObject({
    state: 'succeeded',
    done: 250,
    total: 250,
    refused: LINES.length - ORDERS,
  });
  const lines = await linesOf(id);
  expect(lines.map(({ line }) => line)).toEqual(LINES.map((_, at) => at + 1));
  const orders = new Map(pipeline.sent.map(({ orderId, text }) => [orderId, text]));
  expect(orders.size).toBe(ORDERS);
  for (const { line, orderId } of lines) {
    if (orderId === undefined) expect((line - 1) % 10).not.toBe(0);
    else expect(orders.get(orderId)).toContain(`"at":${line - 1}}`);
  }
}

describe('imports', () => {
  itImports(() => ({
    call,
    async until(expectation) {
      await work();
      await pipeline.publishTo(viewRoutes({ state, pipeline }));
      await expectation();
    },
  }));
});

describe('an import', () => {
  it('is done a hundred lines a message', async () => {
    const id = await begin(LINES);
    expect(await readJob(state, id)).toMatchObject({ state: 'queued', total: 250 });
    await workOnce();
    expect(await readJob(state, id)).toMatchObject({ state: 'running', done: CHUNK_LINES, refused: 90 });
    expect(queue.sent).toMatchObject([{ queue: 'q-jobs', message: { jobId: id, from: CHUNK_LINES } }]);
    await work();
    await expectEachOnce(id);
  });

  it('makes each line one order though the worker is killed between any two steps', async () => {
    const steps = await killedEverywhere(async fuse => {
      if (queue.sent.length === 0) {
        [state, pipeline, queue] = [new MemoryState(), new MemoryPipeline(), new MemoryQueue()];
        await begin(LINES);
      }
      const [{ id: messageId } = { id: '' }] = queue.sent;
      await work(fuse);
      await expectEachOnce(messageId.split('.')[0] ?? '');
    });
    // An order is one write of the state and one message; then come the chunk, the job and the message of the next.
    expect(steps).toBeGreaterThan(2 * ORDERS);
  });

  it('is there once though the API is killed between any two steps, and the caller asks again', async () => {
    let nowMs = Date.now();
    const ask = (fuse: Fuse) => {
      const bytes = new TextEncoder().encode(LINES.join('\n'));
      const headers: Readonly<Record<string, string>> = { ...NDJSON, 'idempotency-key': 'k' };
      const request = {
        method: 'POST',
        path: '/imports',
        query: new URLSearchParams(),
        header: (name: string) => headers[name],
        body: async () => bytes,
      };
      const rules = { webhookRules: { isLocal: true }, token: '', allowedOrigins: [], cache: new MemoryCache() };
      return handleRequest(request, { ...withFuse(fuse), ...rules, now: () => nowMs });
    };
    let isBegun = false;
    await killedEverywhere(async fuse => {
      if (!isBegun) [state, pipeline, queue] = [new MemoryState(), new MemoryPipeline(), new MemoryQueue()];
      isBegun = true;
      nowMs += 20_000;
      const { status, headers } = await ask(fuse);
      expect(status).toBe(202);
      isBegun = false;
      await work();
      expect([...state.values.keys()].filter(key => key.startsWith('job-'))).toHaveLength(1);
      await expectEachOnce(headers.location?.replace('/jobs/', '') ?? '');
    });
  });

  it('is done once though each of its messages comes to two workers at once', async () => {
    const id = await begin(LINES);
    while (queue.sent.length > 0) {
      const [first] = queue.sent.splice(0);
      if (!first) break;
      queue.sent.push(first, first);
      await Promise.all([workOnce(), workOnce()]);
    }
    await expectEachOnce(id);
  });

  it('takes the first of two lines with one id, though the second is faster', async () => {
    const id = await begin(['{"orderId":1,"delivery":"Express"}', '{"orderId":1,"delivery":"Standard"}']);
    const create = state.create.bind(state);
    let calls = 0;
    state.create = async (key, value) => {
      calls += 1;
      if (calls === 1) await new Promise(resolve => setImmediate(resolve));
      return create(key, value);
    };
    await work();
    expect(await linesOf(id)).toMatchObject([{ orderId: 1 }, { problem: { status: 409, field: 'orderId' } }]);
  });

  it('goes on where it is when a message of long ago comes again', async () => {
    const id = await begin(LINES);
    await workOnce();
    queue.sent.length = 0;
    await sendJob(queue, id, 0);
    await workOnce();
    expect(queue.sent).toMatchObject([{ message: { jobId: id, from: CHUNK_LINES } }]);
  });

  it('that is cancelled before it is begun makes no order', async () => {
    const id = await begin(LINES);
    expect((await call('DELETE', `/jobs/${id}`)).status).toBe(202);
    await work();
    expect(pipeline.sent).toEqual([]);
    expect(await readJob(state, id)).toMatchObject({ state: 'cancelled', done: 0 });
  });

  it('that is cancelled while a chunk is done ends with it, and tells of its lines', async () => {
    const id = await begin(LINES);
    await workOnce();
    expect(JSON.parse((await call('DELETE', `/jobs/${id}`)).body)).toMatchObject({ status: 'cancelling', done: 100 });
    expect((await call('GET', `/imports/${id}`)).status).toBe(409);
    await work();
    expect(await readJob(state, id)).toMatchObject({ state: 'cancelled', done: 100 });
    expect(await linesOf(id)).toHaveLength(100);
    expect(pipeline.sent).toHaveLength(10);
  });

  it('waits while the pipeline is away, and goes on then', async () => {
    const id = await begin(LINES);
    pipeline.isAway = true;
    await expect(workOnce()).rejects.toThrow('502');
    pipeline.isAway = false;
    await work();
    await expectEachOnce(id);
  });

  it('fails where its lines are gone, and says so', async () => {
    const id = await begin(LINES);
    await workOnce();
    state.values.delete(chunkKey(id, CHUNK_LINES));
    await work();
    const { status, body } = await call('GET', `/jobs/${id}`);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      status: 'failed',
      problem: { detail: 'Its lines from 101 on are gone.' },
    });
  });

  it('refuses a line over 256 KiB, and keeps nothing of it', async () => {
    const id = await begin([`{"delivery":"Express","x":"${'x'.repeat(262_144)}"}`, '{"delivery":"Express"}']);
    expect(JSON.stringify(state.values.get(chunkKey(id, 0))).length).toBeLessThan(500);
    await work();
    expect(await linesOf(id)).toMatchObject([{ problem: { status: 413 } }, { orderId: expect.any(Number) }]);
  });

  it('keeps no more in a chunk than one call to Dapr takes, whatever is in its lines', async () => {
    const id = await begin(Array.from({ length: 40 }, () => `{"delivery":"Express","x":"${'\\"'.repeat(60_000)}"}`));
    for (const [key, { value }] of state.values) {
      if (key.startsWith('import-')) expect(JSON.stringify(value).length).toBeLessThan(530_000);
    }
    await work();
    expect(state.values.get(jobKey(id))?.value).toMatchObject({ state: 'succeeded', done: 40, refused: 0 });
  });

  it('leaves what no import sent', async () => {
    for (const message of ['x', {}, null, { jobId: 'job_1' }]) {
      queue.sent.push({ queue: 'q-jobs', message, id: 'x' });
      await expect(workOnce()).rejects.toThrow('400');
      queue.sent.length = 0;
    }
    await sendJob(queue, 'job_of_long_ago', 0);
    await workOnce();
  });
});
