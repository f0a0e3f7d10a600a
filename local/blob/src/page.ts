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
 * Reads a listing's query.
 *
 * @param includable what `include` may name
 * @throws StorageError InvalidQueryParameterValue for a value that cannot be read or that no listing has given out, and
 * OutOfRangeQueryParameterValue for maxresults below 1.
 */
export function readPage(query: ReadonlyMap<string, string>, includable: readonly string[]): Page {
  const prefix = query.get('prefix') ?? '';
  const marker = query.get('marker') ?? '';
  return {
    prefix,
    marker,
    from: marker === '' ? prefix : readMarker(marker, prefix),
    delimiter: query.get('delimiter') ?? '',
    maxResults: readMaxResults(query.get('maxresults')),
    withMetadata: readInclude(query.get('include'), includable).includes('metadata'),
  };
}

/** The marker of the page that begins with `name`; empty when there is no such page. */
export function markerOf(name: string | undefined): string {
  return name === undefined ? '' : Buffer.from(name).toString('base64url');
}

/** The name that a marker of ours stands for; it is under the prefix, as every name of its listing. */
function readMarker(marker: string, prefix: string): string {
  const from = Buffer.from(marker, 'base64url').toString();
  if (markerOf(from) !== marker || !from.startsWith(prefix)) {
    throw storageError('InvalidQueryParameterValue', { detail: `marker "${marker}" is of no such listing.` });
  }
  return from;
}

function readInclude(value: string | undefined, includable: readonly string[]): readonly string[] {
  const named = value === undefined ? [] : value.split(',');
  for (const name of named) {
    if (includable.includes(name)) continue;
    const detail = `include may name ${includable.join(', ')}, not "${name}".`;
    throw storageError('InvalidQueryParameterValue', { detail });
  }
  return named;
}

/** The service never shows more than this at once. */
const MOST_RESULTS = 5000;

function readMaxResults(value: string | undefined): number {
  if (value === undefined) return MOST_RESULTS;
  const detail = `maxresults "${value}" must be a whole number from 1 on.`;
  if (!/^-?\d{1,15}$/.test(value)) throw storageError('InvalidQueryParameterValue', { detail });
  if (Number(value) < 1) throw storageError('OutOfRangeQueryParameterValue', { detail });
  return Math.min(Number(value), MOST_RESULTS);
}
