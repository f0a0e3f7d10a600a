import { storageError } from './storage-error.js';

/** Which part of a listing a request asks for. */
export interface Page {
  readonly prefix: string;
  /** The marker as it was sent; empty at the start. */
  readonly marker: string;
  /** The first name that may be shown. */
  readonly from: string;
  readonly delimiter: string;
  readonly maxResults: number;
  readonly withMetadata: boolean;
}

/**
 * Reads a listing's query. What `include` may name besides metadata (snapshots, versions, deleted blobs) does not
 * exist here, so that listing it adds nothing.
 *
 * @throws StorageError OutOfRangeQueryParameterValue when maxresults is not a whole number from 1 on.
 */
export function readPage(query: ReadonlyMap<string, string>): Page {
  const prefix = query.get('prefix') ?? '';
  const marker = query.get('marker') ?? '';
  return {
    prefix,
    marker,
    from: marker === '' ? prefix : Buffer.from(marker, 'base64url').toString(),
    delimiter: query.get('delimiter') ?? '',
    maxResults: readMaxResults(query.get('maxresults')),
    withMetadata: (query.get('include') ?? '').split(',').includes('metadata'),
  };
}

/** The marker of the page that begins with `name`; empty when there is no such page. */
export function markerOf(name: string | undefined): string {
  return name === undefined ? '' : Buffer.from(name).toString('base64url');
}

/** The service never shows more than this at once. */
const MOST_RESULTS = 5000;

function readMaxResults(value: string | undefined): number {
  if (value === undefined) return MOST_RESULTS;
  if (!/^[1-9]\d{0,9}$/.test(value)) {
    throw storageError('OutOfRangeQueryParameterValue', { detail: `maxresults "${value}" must be 1 or more.` });
  }
  return Math.min(Number(value), MOST_RESULTS);
}
