import type { BlobItem } from '@azure/storage-blob';
import type { ListedWrite } from '../../verify/blob-store.js';

const TICKS_PER_MS = 10_000;
const EPOCH_AFTER_YEAR_ONE_MS = 62_135_596_800_000;

/**
 * When a blob was last written. Azure's ETags are observed to be the time of modification in ticks of 100 ns since
 * 0001-01-01 (documented sample: `0x8CBFF45D8A29A19` beside `Wed, 09 Sep 2009 09:20:02 GMT`), but nothing promises it: an
 * ETag counts only where its time, cut to the second, is the blob's Last-Modified; otherwise that is all there is.
 */
export function etagWrite({ etag, lastModified }: Pick<BlobItem['properties'], 'etag' | 'lastModified'>): ListedWrite {
  const secondMs = lastModified.getTime();
  const atMs = etagMs(etag);
  return atMs !== undefined && Math.floor(atMs / 1000) * 1000 === secondMs
    ? { atMs, isExact: true }
    : { atMs: secondMs, isExact: false };
}

/** An ETag read as a time in milliseconds since the epoch, with fractions; undefined for one that is no number. */
function etagMs(etag: string): number | undefined {
  const [, digits] = /^"?(0x[0-9a-f]{1,16})"?$/i.exec(etag) ?? [];
  if (digits === undefined) return undefined;
  const ticks = BigInt(digits);
  const perMs = BigInt(TICKS_PER_MS);
  return Number(ticks / perMs) - EPOCH_AFTER_YEAR_ONE_MS + Number(ticks % perMs) / TICKS_PER_MS;
}
