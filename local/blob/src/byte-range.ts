import type { IncomingHttpHeaders } from 'node:http';
import { storageError } from './storage-error.js';

/** The bytes of a blob that a request asks for, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads `x-ms-range`, which comes first, or `Range`: `bytes=<start>-[<end>]`, the one form the service documents.
 *
 * @returns undefined when the whole blob is asked for.
 * @throws StorageError InvalidRange (416) when it starts past the end, InvalidHeaderValue when it cannot be read.
 */
export function readRange(headers: IncomingHttpHeaders, sizeBytes: number): ByteRange | undefined {
  const value = headers['x-ms-range'] ?? headers.range;
  if (value === undefined) return undefined;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(String(value)) ?? [];
  const start = Number(from);
  const end = to === '' ? Number.POSITIVE_INFINITY : Number(to);
  if (from === undefined || end < start) {
    throw storageError('InvalidHeaderValue', { detail: `Range "${value}" is not "bytes=<start>-[<end>]".` });
  }
  if (start >= sizeBytes) throw storageError('InvalidRange', { headers: { 'Content-Range': `bytes */${sizeBytes}` } });
  return { start, end: Math.min(end, sizeBytes - 1) };
}
