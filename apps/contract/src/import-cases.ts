import { expect, it } from 'vitest';
import { type Call, type Called, type Case, PROBLEM } from './api-case.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const CSV = { 'content-type': 'text/csv' };
const NOBODY = 'job_00000000-0000-4000-8000-000000000000';

/** For tests: what every flavour answers at /imports and /jobs. */
export const IMPORT_CASES: readonly Case[] = [
  {
    title: 'takes an import',
    request: ['POST', '/imports', { ...NDJSON, 'idempotency-key': 'cases-1' }, '{"delivery":"Express"}'],
    status: 202,
    headers: {
      location: expect.stringMatching(/^\/jobs\/job_[0-9a-f-]{36}$/),
      'retry-after': '2',
      'cache-control': 'no-store',
    },
    body: expect.stringMatching(/^\{"jobId":"job_[0-9a-f-]{36}","status":"accepted"\}$/),
  },
  {
    title: 'takes no import without an Idempotency-Key',
    request: ['POST', '/imports', NDJSON, '{"delivery":"Express"}'],
    status: 400,
    headers: PROBLEM,
    body: expect.stringContaining('"field":"Idempotency-Key"'),
  },
  {
    title: 'takes no other import under the same Idempotency-Key',
    before: ['POST', '/imports', { ...NDJSON, 'idempotency-key': 'cases-2' }, '{"delivery":"Express"}'],
    request: ['POST', '/imports', { ...NDJSON, 'idempotency-key': 'cases-2' }, '{"delivery":"Standard"}'],
    status: 422,
    headers: PROBLEM,
  },
  {
    title: 'takes imports in two media types alone',
    request: ['POST', '/imports', { 'content-type': 'application/json', 'idempotency-key': 'k' }, '[]'],
    status: 415,
    headers: { ...PROBLEM, accept: 'application/x-ndjson, text/csv' },
  },
  ...(
    [
      ['no line', NDJSON, ' \r\n\n', 400],
      ['no order in CSV', CSV, 'delivery\r\n', 400],
      ['a column that is none', CSV, 'delivery,price\r\nExpress,1\r\n', 400],
      ['a column twice', CSV, 'delivery,sku,sku\r\nExpress,1,2\r\n', 400],
      ['no column delivery', CSV, 'orderId\r\n1\r\n', 400],
      ['a quote that nothing closes', CSV, 'delivery\r\n"Express', 400],
      ['more than 10,000 lines', NDJSON, '{}\n'.repeat(10_001), 413],
      ['more than 8 MiB', NDJSON, 'x'.repeat(8 * 1_048_576 + 1), 413],
    ] as const
  ).map(
    ([what, type, body, status]): Case => ({
      title: `takes no import with ${what}`,
      request: ['POST', '/imports', { ...type, 'idempotency-key': `cases ${what}` }, body],
      status,
      headers: PROBLEM,
    }),
  ),
  ...(['/jobs', '/imports'] as const).map(
    (path): Case => ({
      title: `has no ${path} that nobody made`,
      request: ['GET', `${path}/${NOBODY}`],
      status: 404,
      headers: PROBLEM,
    }),
  ),
  { title: 'cancels no job that nobody made', request: ['DELETE', `/jobs/${NOBODY}`], status: 404, headers: PROBLEM },
  { title: 'has no other names of jobs', request: ['GET', '/jobs/1'], status: 404, headers: PROBLEM },
  {
    title: 'names the methods of a job',
    request: ['POST', `/jobs/${NOBODY}`],
    status: 405,
    headers: { allow: 'GET, HEAD, DELETE, OPTIONS' },
  },
];

/** For tests: an import as the caller gave it, and how to wait until its job is as far as is wanted. */
export interface ImportsUnderTest {
  readonly call: Call;
  /** Resolves once what it is given does. */
  until(expectation: () => Promise<void>): Promise<void>;
}

/** For tests: imports from their beginning to their end. */
export function itImports(under: () => ImportsUnderTest): void {
  const begin = async (type: Readonly<Record<string, string>>, key: string, body: string) => {
    const { headers } = await under().call('POST', '/imports', { ...type, 'idempotency-key': key }, body);
    return headers.location ?? '';
  };
  /** What is there when the job has ended. */
  const ended = async (job: string): Promise<Called> => {
    let answer: Called | undefined;
    await under().until(async () => {
      answer = await under().call('GET', job);
      expect(JSON.parse(answer.body).status).toMatch(/succeeded|failed|cancelled/);
    });
    if (!answer) throw new Error('it was never asked');
    return answer;
  };

  it('does an import, line by line, and tells of each what became of it', async () => {
    const lines = [
      '{"orderId":2000001,"delivery":"Express","x":1.50}',
      '{"delivery":"standard"}',
      '',
      '{"delivery":"Air"}',
      'no JSON',
      '{"orderId":2000001,"delivery":"Standard"}',
    ];
    const job = await begin(NDJSON, 'itImports-1', lines.join('\n'));
    const done = await ended(job);
    expect(done).toMatchObject({ status: 303, headers: { location: job.replace('jobs', 'imports') } });
    expect(JSON.parse(done.body)).toMatchObject({ status: 'succeeded', done: 5, total: 5, refused: 3 });
    const { call, until } = under();
    const shown = await call('GET', done.headers.location ?? '', { accept: 'application/json' });
    expect(shown).toMatchObject({ status: 200, headers: { vary: 'Accept, Origin' } });
    expect(JSON.parse(shown.body).lines).toEqual([
      { line: 1, orderId: 2000001, href: '/orders/2000001' },
      { line: 2, orderId: expect.any(Number), href: expect.stringMatching(/^\/orders\/\d+$/) },
      { line: 3, problem: expect.objectContaining({ status: 400, field: 'delivery' }) },
      { line: 4, problem: expect.objectContaining({ status: 400 }) },
      { line: 5, problem: expect.objectContaining({ status: 409, field: 'orderId' }) },
    ]);
    for (const { href } of JSON.parse(shown.body).lines.slice(0, 2))
      await until(async () => expect((await call('GET', href)).body).toContain('"status":"written"'));
    const csv = await call('GET', `${done.headers.location}?limit=3`, { accept: 'text/csv' });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.body).toMatch(/^line,orderId,status,field,detail\r\n1,2000001,202,,\r\n2,\d+,202,,\r\n3,,400,delivery,/);
    const [, next = ''] = /<(.*)>/.exec(csv.headers.link ?? '') ?? [];
    const rest = await call('GET', next, { accept: 'text/csv' });
    expect(rest.body).toMatch(/^line,orderId,status,field,detail\r\n4,,400,.*\r\n5,,409,orderId,.*\r\n$/);
    expect(rest.headers.link).toBeUndefined();
    expect((await call('GET', next, { accept: 'image/png' })).status).toBe(406);
    expect((await call('DELETE', job)).status).toBe(409);
  });

  it('takes orders from CSV, an item each', async () => {
    const csv =
      '\ufefforderId,delivery,firstName,sku,quantity,orderItemId\r\n' +
      '2000002,Express,"Ann ""A"", the first\r\none",S1,2,1\r\n' +
      '2000003,standard,,,,\r\n' +
      'x,Express,,,,\r\n2000004,Express\r\n';
    const done = await ended(await begin(CSV, 'itImports-2', csv));
    expect(JSON.parse(done.body)).toMatchObject({ status: 'succeeded', done: 4, refused: 2 });
    const { call, until } = under();
    await until(async () => {
      expect(JSON.parse((await call('GET', '/orders/2000002')).body).order).toEqual({
        ...{ orderId: 2000002, delivery: 'Express', firstName: 'Ann "A", the first\r\none' },
        items: [{ sku: 'S1', quantity: 2, orderItemId: 1 }],
      });
      expect(JSON.parse((await call('GET', '/orders/2000003')).body).order).toEqual({
        orderId: 2000003,
        delivery: 'standard',
      });
    });
  });

  it('makes one job of any number of requests with one Idempotency-Key', async () => {
    const jobs = new Set<string>();
    for (let request = 0; request < 3; request++)
      jobs.add(await begin(NDJSON, 'itImports-3', '{"delivery":"Express"}'));
    expect(jobs.size).toBe(1);
    expect([...jobs][0]).toMatch(/^\/jobs\//);
  });

  it('ends an import that is cancelled, and tells which lines were done', async () => {
    const body = '{"delivery":"Express"}\n'.repeat(3_000);
    const job = await begin(NDJSON, 'itImports-4', body);
    const { call } = under();
    const cancelled = await call('DELETE', job);
    expect(cancelled).toMatchObject({ status: 202, headers: { location: job } });
    expect((await call('DELETE', job)).status).toBe(202);
    const { status, body: text } = await ended(job);
    expect(status).toBe(200);
    const { status: state, done, total } = JSON.parse(text);
    expect({ state, total }).toEqual({ state: 'cancelled', total: 3_000 });
    expect(done).toBeLessThan(3_000);
    const shown = await call('GET', `${job.replace('jobs', 'imports')}?limit=200`);
    expect(shown.status).toBe(200);
    expect(JSON.parse(shown.body).lines).toHaveLength(Math.min(done, 200));
    expect((await call('DELETE', job)).status).toBe(202);
  });

  it('takes 10,000 lines of 8 MiB at once', async () => {
    const line = (at: number) => `{"delivery":"Express","at":${at},"x":"`;
    const lines = Array.from({ length: 10_000 }, (_, at) => `${line(at)}${'x'.repeat(835 - line(at).length)}"}`);
    const job = await begin(NDJSON, 'itImports-5', lines.join('\n'));
    const { body } = await under().call('DELETE', job);
    expect(JSON.parse(body)).toMatchObject({ total: 10_000 });
    expect(JSON.parse((await ended(job)).body)).toMatchObject({ status: 'cancelled' });
  });
}
