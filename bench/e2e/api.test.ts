import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Call, itAnswers, WRITTEN_ORDER } from '@order-bench/app-contract';
import { checkoutDir } from '@order-bench/rig';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

/** A component may have to be built first. */
const START_LIMIT_MS = 600_000;

describe.each(['express-ts', 'spin-ts'])('the Order API in front of %s, on a rig with real daprd', contender => {
  let bench: ChildProcess;
  let call: Call;

  beforeAll(async () => {
    bench = spawn(
      'node',
      [join(checkoutDir, 'bench/dist/main.js'), 'api', contender, '--allow-origin', 'https://shop.example'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const { url, token } = await said(bench);
    call = async (method, path, headers = {}, body) => {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    };
    await call('POST', '/orders', { 'content-type': 'application/json' }, WRITTEN_ORDER);
    await vi.waitFor(async () => expect((await call('GET', '/orders/1000007')).body).toContain('"written"'), {
      timeout: 30_000,
      interval: 100,
    });
  }, START_LIMIT_MS);

  afterAll(async () => {
    bench.kill('SIGINT');
    await once(bench, 'exit');
  });

  itAnswers(() => call);

  it('lets nobody in without the token', async () => {
    expect((await call('GET', '/orders', { authorization: 'Bearer other' })).status).toBe(401);
  });

  it('says what Dapr said of an order that fills a message of the queue by itself', async () => {
    const order = '{"delivery":"Express","orderId":1000010,"x":""}';
    const body = order.replace('""', JSON.stringify('x'.repeat(1_048_576 - order.length)));
    const answer = await call('POST', '/orders', { 'content-type': 'application/json' }, body);
    expect(answer).toMatchObject({ status: 502, body: expect.stringContaining('ERR_INVOKE_OUTPUT_BINDING') });
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
});

/** Where it listens, and the token that it asks for. */
async function said({ stdout }: ChildProcess): Promise<{ readonly url: string; readonly token: string }> {
  if (!stdout) throw new Error('it has no output');
  for await (const line of createInterface({ input: stdout })) {
    const [, token, url] = /Bearer (\w+)'.* (http:\/\/[\d.:]+)\/orders$/.exec(line) ?? [];
    if (token !== undefined && url !== undefined) return { url, token };
  }
  throw new Error('it ended before it listened');
}
