import type { Order } from '@order-bench/orders';
import { sha256Hex } from './digest.js';
import type { DeliveryHandler } from './from-dapr.js';
import { type ApiResponse, failure } from './http.js';
import type { ImportLine, LineFault } from './import-lines.js';
import { type Chunk, changeJob, chunkKey, type LineResult, readChunk, readJob } from './import-store.js';
import { hasEnded } from './job.js';
import { parseWithId } from './order-id.js';
import type { QueuePort } from './ports.js';
import { type SubmitOptions, submitOrder } from './submit-order.js';

/** What does jobs. */
export interface JobOptions extends SubmitOptions {
  readonly queue: QueuePort;
}

/** Has a job go on at a line. @throws DaprFailed where the queue is away */
export function sendJob(queue: QueuePort, jobId: string, from: number): Promise<void> {
  return queue.send('q-jobs', { jobId, from }, { id: `${jobId}.${from}` });
}

/**
 * A message of q-jobs: does one chunk of an import, keeps what became of each line, then how far the job is, and sends the
 * message of the next chunk. Whatever ends it between two of these steps, the message comes again and goes on behind the last
 * step that is done: a line makes one order, for its id is the same each time. Between two chunks it can be cancelled.
 *
 * @throws DaprFailed where state, pipeline or queue is away
 */
export function doJob(options: JobOptions): DeliveryHandler {
  return async body => {
    const message = readMessage(body);
    if (!message) return failure(400, 'The message is of no job.');
    await goOn(message, options);
    return DONE;
  };
}

/** Dapr's retries take only 200 for success. */
const DONE: ApiResponse = { status: 200, headers: {} };

interface JobMessage {
  readonly jobId: string;
  readonly from: number;
}

async function goOn({ jobId, from }: JobMessage, options: JobOptions): Promise<void> {
  const { state, queue } = options;
  const job = await readJob(state, jobId);
  // Kept for two days: a message that comes later has nothing to do.
  if (!job || hasEnded(job)) return;
  // Its chunk was done before, and the message that follows perhaps not sent.
  if (from !== job.done) return sendJob(queue, jobId, job.done);
  if (job.state === 'cancelling') {
    await changeJob(state, jobId, { kind: 'stopped' });
    return;
  }
  // Orders are on their way from here on: who cancels then waits for what becomes of them.
  if (job.state === 'queued') {
    const begun = await changeJob(state, jobId, { kind: 'progress', from, lines: 0, refused: 0 });
    if (!begun || hasEnded(begun.job)) return;
  }
  const results = await doChunk(jobId, from, options);
  if (!results) {
    await changeJob(state, jobId, { kind: 'failed', reason: `Its lines from ${from + 1} on are gone.` });
    return;
  }
  const refused = results.filter(result => 'status' in result).length;
  const changed = await changeJob(state, jobId, { kind: 'progress', from, lines: results.length, refused });
  // Who was faster sends what follows.
  if (!changed?.isChanged || hasEnded(changed.job)) return;
  await sendJob(queue, jobId, changed.job.done);
}

/** What became of each line of a chunk; undefined where there is none. */
async function doChunk(jobId: string, from: number, options: JobOptions): Promise<readonly LineResult[] | undefined> {
  const { state } = options;
  const found = await readChunk(state, jobId, from);
  if (!found) return undefined;
  const { chunk, etag } = found;
  if ('results' in chunk) return chunk.results;
  const results = await submitLines(chunk.lines, line => orderIdOf(jobId, from + line), options);
  const done: Chunk = { jobId, results };
  if (await state.replace(chunkKey(jobId, from), done, etag)) return results;
  // Somebody else did the same lines.
  const again = await readChunk(state, jobId, from);
  return again && 'results' in again.chunk ? again.chunk.results : undefined;
}

/** Orders on their way at once: a call to the state and one to the queue each. */
const AT_ONCE = 10;

async function submitLines(
  lines: readonly ImportLine[],
  idOf: (line: number) => Promise<number>,
  options: JobOptions,
): Promise<readonly LineResult[]> {
  const results: LineResult[] = [];
  while (results.length < lines.length) {
    const first = results.length;
    const some = lines.slice(first, first + AT_ONCE);
    const read = await Promise.all(some.map(async (line, at) => readLine(line, await idOf(first + at))));
    results.push(...(await submitAtOnce(read, options)));
  }
  return results;
}

/** All at once, but for those of one id: of these the first line's order is the one, however often they are done. */
async function submitAtOnce(
  lines: readonly (Order | LineFault)[],
  options: JobOptions,
): Promise<readonly LineResult[]> {
  const lastOf = new Map<number, Promise<LineResult>>();
  const submitted = lines.map(line => {
    if (!('orderId' in line)) return line;
    const { orderId } = line;
    const result = (async () => {
      await lastOf.get(orderId);
      return (await submitOrder(line, options)) ?? { orderId };
    })();
    lastOf.set(orderId, result);
    return result;
  });
  return Promise.all(submitted);
}

function readLine(line: ImportLine, newId: number): Order | LineFault {
  if (typeof line !== 'string') return line;
  const parsed = parseWithId(new TextEncoder().encode(line), newId);
  if (!('refusal' in parsed)) return parsed.order;
  const { kind, detail, field } = parsed.refusal;
  return { status: kind === 'too-large' ? 413 : 400, detail, ...(field === undefined ? {} : { field }) };
}

/** Digits of a hash that a double holds exactly. */
const ID_DIGITS = 13;

/** The id of a line's order where it brings none: the same whenever the line is done, and no other line's. */
async function orderIdOf(jobId: string, line: number): Promise<number> {
  return Number.parseInt((await sha256Hex(`${jobId}.${line}`)).slice(0, ID_DIGITS), 16) + 1;
}

function readMessage(body: Uint8Array): JobMessage | undefined {
  try {
    const { jobId, from } = (JSON.parse(new TextDecoder().decode(body)) ?? {}) as Partial<JobMessage>;
    if (typeof jobId !== 'string' || typeof from !== 'number') return undefined;
    return { jobId, from };
  } catch {
    return undefined;
  }
}
