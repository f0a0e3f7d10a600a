import type { IncomingHttpHeaders } from 'node:http';
import type { Modification } from './modification-clock.js';
import { storageError } from './storage-error.js';

/**
 * Checks the conditional headers of a read, as the service documents them for version 2013-08-15 and later.
 *
 * @returns false when the client's copy is still good (304).
 * @throws StorageError ConditionNotMet or UnsatisfiableCondition
 */
export function readIsWanted(headers: IncomingHttpHeaders, resource: Modification | undefined): boolean {
  const conditions = readConditions(headers);
  if (!conditions) return true;
  const { match, noneMatch, modifiedSinceMs, unmodifiedSinceMs } = conditions;
  if (noneMatch === '*') throw storageError('UnsatisfiableCondition', { detail: 'If-None-Match: *.' });
  if (!resource) {
    if (match !== undefined) throw storageError('ConditionNotMet');
    return true;
  }
  if (match !== undefined && !names(match, resource)) throw storageError('ConditionNotMet');
  if (unmodifiedSinceMs !== undefined && resource.secondMs > unmodifiedSinceMs) throw storageError('ConditionNotMet');

  const another = noneMatch === undefined ? undefined : !names(noneMatch, resource);
  const newer = modifiedSinceMs === undefined ? undefined : resource.secondMs > modifiedSinceMs;
  return another === true || newer === true || (another === undefined && newer === undefined);
}

/**
 * Checks the conditional headers of a write: an ETag condition outweighs the date beside it.
 *
 * @param resource what the write would replace or remove, if it is there.
 * @throws StorageError ConditionNotMet, BlobAlreadyExists (If-None-Match: *) or MultipleConditionHeadersNotSupported
 */
export function checkWrite(headers: IncomingHttpHeaders, resource: Modification | undefined): void {
  const conditions = readConditions(headers);
  if (!conditions) return;
  const { match, noneMatch, modifiedSinceMs, unmodifiedSinceMs } = conditions;
  const whenChanged = noneMatch !== undefined || modifiedSinceMs !== undefined;
  const whenUnchanged = match !== undefined || unmodifiedSinceMs !== undefined;
  if (whenChanged && whenUnchanged) throw storageError('MultipleConditionHeadersNotSupported');

  if (noneMatch !== undefined) {
    if (resource && noneMatch === '*') throw storageError('BlobAlreadyExists');
    if (resource && names(noneMatch, resource)) throw storageError('ConditionNotMet');
  } else if (match !== undefined) {
    if (!resource || !names(match, resource)) throw storageError('ConditionNotMet');
  } else if (resource && modifiedSinceMs !== undefined) {
    if (resource.secondMs <= modifiedSinceMs) throw storageError('ConditionNotMet');
  } else if (resource && unmodifiedSinceMs !== undefined) {
    if (resource.secondMs > unmodifiedSinceMs) throw storageError('ConditionNotMet');
  }
}

interface Conditions {
  readonly match: string | undefined;
  readonly noneMatch: string | undefined;
  readonly modifiedSinceMs: number | undefined;
  readonly unmodifiedSinceMs: number | undefined;
}

function readConditions(headers: IncomingHttpHeaders): Conditions | undefined {
  const match = headers['if-match'];
  const noneMatch = headers['if-none-match'];
  const modifiedSince = headers['if-modified-since'];
  const unmodifiedSince = headers['if-unmodified-since'];
  if (match === undefined && noneMatch === undefined && modifiedSince === undefined && unmodifiedSince === undefined) {
    return undefined;
  }
  return {
    match: readEtag('If-Match', match),
    noneMatch: readEtag('If-None-Match', noneMatch),
    modifiedSinceMs: readDate('If-Modified-Since', modifiedSince),
    unmodifiedSinceMs: readDate('If-Unmodified-Since', unmodifiedSince),
  };
}

function readEtag(header: string, value: string | undefined): string | undefined {
  if (value?.includes(',')) {
    throw storageError('MultipleConditionHeadersNotSupported', { detail: `${header} takes one ETag.` });
  }
  if (value === '') throw storageError('InvalidHeaderValue', { detail: `${header} is empty.` });
  return value;
}

function readDate(header: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = HTTP_DATE.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw storageError('InvalidHeaderValue', { detail: `${header} must be an HTTP date.` });
  return ms;
}

/** The form that the service documents, RFC 1123's. `Date.parse` alone would take "1" for a date. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Whether an ETag header's value, with or without its quotes, is this resource's. */
function names(value: string, resource: Modification): boolean {
  return value === '*' || value === resource.etag || `"${value}"` === resource.etag;
}
