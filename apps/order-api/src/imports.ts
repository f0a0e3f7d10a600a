import { nextLink, readPage } from './cursor.js';
import { sendJob } from './do-job.js';
import { doOnce } from './do-once.js';
import { csvCell } from './escape.js';
import { type ApiRequest, type ApiResponse, failure, json, mediaTypeOf } from './http.js';
import { idempotencyKey, readIdempotencyKey } from './idempotency.js';
import { IMPORT_TYPES, type ImportLine, readImport } from './import-lines.js';
import { type Chunk, chunkKey, chunksOf, jobKey, type LineResult, readChunk, readJob } from './import-store.js';
import { hasEnded, type Job } from './job.js';
import { MEDIA_TYPES, negotiate } from './negotiate.js';
import { type ApiOptions, DaprFailed } from './ports.js';
import { problem } from './problem.js';
import type { ResourceRoute } from './resource.js';

/** Imports of many orders at once; how far one is says its job. */
export const IMPORT_RESOURCES: readonly ResourceRoute[] = [
  [/^\/imports$/, { POST: create }],
  [/^\/imports\/(job_[0-9a-f-]{36})$/, { GET: show, HEAD: show }],
];

/** Largest import in bytes. */
const MAX_IMPORT_BYTES = 8 * 1_048_576;

/** Chunks on their way to the state at once. */
const AT_ONCE = 8;

/** POST /imports: keeps the lines and that there is a job, has the worker begin, and answers 202. */
async function create(request: ApiRequest, options: ApiOptions): Promise<ApiResponse> {
  const mediaType = IMPORT_TYPES.find(type => type === mediaTypeOf(request));
  if (!mediaType) {
    const types = IMPORT_TYPES.join(', ');
    return failure(415, `POST /imports takes ${types}.`, { headers: { accept: types } });
  }
  const name = readIdempotencyKey(request.header('idempotency-key') ?? '');
  if (name === undefined)
    return failure(
      400,
      'Send an Idempotency-Key, printable text of 1 to 255 characters, so that a repeat makes no second import.',
      {
        field: 'Idempotency-Key',
      },
    );
  const bytes = await request.body(MAX_IMPORT_BYTES);
  if (!bytes) return failure(413, `An import has at most ${MAX_IMPORT_BYTES} bytes.`);
  const lines = readImport(bytes, mediaType);
  if ('status' in lines)
    return failure(lines.status, lines.detail, lines.field === undefined ? {} : { field: lines.field });
  return doOnce(await idempotencyKey(request.header('authorization') ?? '', name, bytes), {
    resourceId: `job_${crypto.randomUUID()}`,
    async act(jobId) {
      await begin(jobId, lines, options);
      return accepted(jobId);
    },
    repeat: accepted,
    options,
  });
}

function accepted(jobId: string): ApiResponse {
  const headers = { location: `/jobs/${jobId}`, 'retry-after': '2', 'cache-control': 'no-store' };
  return json(202, { jobId, status: 'accepted' }, headers);
}

/** Begun again, it leaves what there is as it is, done lines too. */
async function begin(jobId: string, lines: readonly ImportLine[], { state, queue }: ApiOptions): Promise<void> {
  const chunks: { readonly key: string; readonly chunk: Chunk }[] = [];
  let from = 0;
  for (const some of chunksOf(lines)) {
    chunks.push({ key: chunkKey(jobId, from), chunk: { lines: some } });
    from += some.length;
  }
  for (let at = 0; at < chunks.length; at += AT_ONCE)
    await Promise.all(chunks.slice(at, at + AT_ONCE).map(({ key, chunk }) => state.create(key, chunk)));
  const job: Job = { id: jobId, state: 'queued', done: 0, total: lines.length, refused: 0 };
  await state.create(jobKey(jobId), job);
  await sendJob(queue, jobId, 0);
}

/** A line of an import with its number, from 1. */
type ShownLine = LineResult & { readonly line: number };

/** GET /imports/{id}: what became of each line, a page at a time, as JSON or CSV. */
async function show(request: ApiRequest, options: ApiOptions, id: string): Promise<ApiResponse> {
  const job = await readJob(options.state, id);
  if (!job) return failure(404, `There is no import ${id}.`);
  const as = negotiate(request.header('accept'), ['json', 'csv']);
  if (!as) return failure(406, `An import is shown as ${MEDIA_TYPES.json} and ${MEDIA_TYPES.csv}.`);
  if (!hasEnded(job))
    return failure(409, 'The import is not done: GET /jobs/{id} tells how far it is.', {
      headers: { 'retry-after': '2' },
    });
  const page = readPage(request.query);
  if ('field' in page) return failure(400, `${page.detail}.`, { field: page.field });
  const place = placeOf(page.marker);
  if (!place) return failure(400, 'cursor is of another list.', { field: 'cursor' });
  const { lines, next } = await readLines(job, place, page.limit, options);
  const headers = {
    'content-type': `${MEDIA_TYPES[as]}; charset=utf-8`,
    'cache-control': 'no-cache',
    vary: 'Accept',
    ...(next === undefined ? {} : { link: nextLink(`/imports/${id}`, { limit: page.limit }, next) }),
  };
  return { status: 200, headers, body: as === 'json' ? jsonOf(job, lines) : csvOf(lines) };
}

/** Where a page begins: at a line of the chunk that begins with a line. */
interface Place {
  readonly from: number;
  readonly skipped: number;
}

function placeOf(marker = '0:0'): Place | undefined {
  const [, from, skipped] = /^(\d{1,5}):(\d{1,3})$/.exec(marker) ?? [];
  return from === undefined ? undefined : { from: Number(from), skipped: Number(skipped) };
}

async function readLines(
  job: Job,
  { from, skipped }: Place,
  limit: number,
  { state }: ApiOptions,
): Promise<{ readonly lines: readonly ShownLine[]; readonly next?: string }> {
  const lines: ShownLine[] = [];
  for (let start = from, skip = skipped; start < job.done; skip = 0) {
    const found = await readChunk(state, job.id, start);
    if (!found || !('results' in found.chunk)) throw new DaprFailed('state', `Lines of import ${job.id} are gone.`);
    const { results } = found.chunk;
    const some = results.slice(skip, skip + limit - lines.length);
    lines.push(...some.map((result, at) => ({ line: start + skip + at + 1, ...result })));
    if (skip + some.length < results.length) return { lines, next: `${start}:${skip + some.length}` };
    start += results.length;
    if (lines.length === limit) return start < job.done ? { lines, next: `${start}:0` } : { lines };
  }
  return { lines };
}

function jsonOf({ id, state, done, total, refused }: Job, lines: readonly ShownLine[]): string {
  const shown = lines.map(line =>
    'orderId' in line
      ? { line: line.line, orderId: line.orderId, href: `/orders/${line.orderId}` }
      : { line: line.line, problem: problem(line.status, line.detail, line.field) },
  );
  return JSON.stringify({ jobId: id, status: state, done, total, refused, lines: shown });
}

function csvOf(lines: readonly ShownLine[]): string {
  const rows = lines.map(line =>
    'orderId' in line
      ? [line.line, line.orderId, 202, '', '']
      : [line.line, '', line.status, line.field ?? '', line.detail],
  );
  const all = [['line', 'orderId', 'status', 'field', 'detail'], ...rows];
  return all.map(row => `${row.map(cell => csvCell(String(cell))).join(',')}\r\n`).join('');
}
