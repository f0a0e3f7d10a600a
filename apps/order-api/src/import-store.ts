import { changeState } from './change-state.js';
import type { ImportLine, LineFault } from './import-lines.js';
import { type Job, type JobEvent, jobAfter } from './job.js';
import type { StatePort, Stored } from './ports.js';

/** Most lines that one delivery does. */
export const CHUNK_LINES = 100;

/** Most bytes of a chunk as it is kept: what one call to Dapr takes from Spin's JavaScript engine in one piece. */
const CHUNK_BYTES = 524_288;

/** Largest line in bytes; a larger order is taken by POST /orders. */
const MAX_LINE_BYTES = 262_144;

/** What became of a line: it is taken under an id, or why not. */
export type LineResult = { readonly orderId: number } | LineFault;

/** Some lines of an import, first as they came, then what became of each: one value, so that no line can be in both. */
export type Chunk =
  | { readonly lines: readonly ImportLine[] }
  | { readonly jobId: string; readonly results: readonly LineResult[] };

/** Lines in chunks, each of which one delivery does. */
export function chunksOf(lines: readonly ImportLine[]): readonly (readonly ImportLine[])[] {
  const chunks: ImportLine[][] = [];
  let sizeBytes = 0;
  for (const line of lines) {
    const kept = sizeOf(line) > MAX_LINE_BYTES ? TOO_LARGE : line;
    const keptBytes = sizeOf(JSON.stringify(kept));
    const isFull = (chunks.at(-1)?.length ?? CHUNK_LINES) >= CHUNK_LINES || sizeBytes + keptBytes > CHUNK_BYTES;
    if (isFull) {
      chunks.push([]);
      sizeBytes = 0;
    }
    chunks.at(-1)?.push(kept);
    sizeBytes += keptBytes + 1;
  }
  return chunks;
}

const TOO_LARGE: LineFault = { status: 413, detail: `A line has at most ${MAX_LINE_BYTES} bytes.` };

/** No character of a string has more than three bytes. */
function sizeOf(line: ImportLine): number {
  if (typeof line !== 'string') return 0;
  return line.length * 3 <= MAX_LINE_BYTES ? line.length : new TextEncoder().encode(line).length;
}

/** The key of a job. */
export function jobKey(id: string): string {
  return `job-${id}`;
}

/** The key of the chunk that begins with a line, counted from 0: where a job goes on is where it stopped. */
export function chunkKey(jobId: string, from: number): string {
  return `import-${jobId}-${from}`;
}

/** A job as it is kept. @throws DaprFailed where the state is away */
export async function readJob(state: StatePort, id: string): Promise<Job | undefined> {
  return (await state.get(jobKey(id)))?.value as Job | undefined;
}

/** A chunk with its validator. @throws DaprFailed where the state is away */
export async function readChunk(
  state: StatePort,
  jobId: string,
  from: number,
): Promise<{ readonly chunk: Chunk; readonly etag: string } | undefined> {
  const stored: Stored | undefined = await state.get(chunkKey(jobId, from));
  return stored && { chunk: stored.value as Chunk, etag: stored.etag };
}

/** A job, and whether this event made it what it is. */
export interface ChangedJob {
  readonly job: Job;
  readonly isChanged: boolean;
}

/**
 * Has something happen to a job, by compare-and-set, if it still means anything to what is there.
 *
 * @returns undefined where there is no such job
 * @throws as changeState
 */
export function changeJob(state: StatePort, id: string, event: JobEvent): Promise<ChangedJob | undefined> {
  return changeState<ChangedJob | undefined>(state, jobKey(id), stored => {
    if (!stored) return { result: undefined };
    const job = stored.value as Job;
    const changed = jobAfter(job, event);
    if (!changed) return { result: { job, isChanged: false } };
    return { value: changed, result: { job: changed, isChanged: true } };
  });
}
