import type { Answer } from './answer.js';
import type { StoredBlob } from './blob-container.js';
import type { BlobRequest } from './blob-request.js';
import type { BlobStore } from './blob-store.js';
import { type ByteRange, readRange } from './byte-range.js';
import { checkWrite, readIsWanted } from './conditions.js';
import { readContentHeaders } from './content-headers.js';
import { checkContentMd5, md5Of } from './content-md5.js';
import { checkContentCrc64 } from './crc64.js';
import { CONDITIONS, heeding } from './heeded.js';
import { METADATA_PREFIX, readMetadata } from './metadata.js';
import { storageError } from './storage-error.js';

/**
 * Answers a request to a blob: Put Blob (block blobs), Get, Head, Delete and Set Blob Metadata.
 *
 * @throws StorageError for whatever the service refuses, and NotImplemented for what this server lacks.
 */
export function answerBlob(store: BlobStore, request: BlobRequest): Answer {
  const { method, target } = request;
  const comp = target.query.get('comp');
  if (comp === 'metadata' && method === 'PUT') return setMetadata(store, request);
  if (comp !== undefined) {
    const blocks = comp === 'block' || comp === 'blocklist' ? ' Upload in one Put Blob.' : '';
    throw storageError('NotImplemented', { detail: `${method} with comp=${comp} on a blob.${blocks}` });
  }
  if (method === 'PUT') return put(store, request);
  if (method === 'GET' || method === 'HEAD') return get(store, request);
  if (method === 'DELETE') return remove(store, request);
  throw storageError('UnsupportedHttpVerb', { detail: `Method: ${method}.` });
}

const checkPut = heeding({
  headers: [
    ...CONDITIONS,
    ...['content-md5', 'x-ms-blob-type', 'x-ms-blob-cache-control', 'x-ms-blob-content-disposition'],
    ...['x-ms-blob-content-encoding', 'x-ms-blob-content-language', 'x-ms-blob-content-md5', 'x-ms-blob-content-type'],
    ...['x-ms-content-crc64', METADATA_PREFIX],
  ],
});

function put(store: BlobStore, request: BlobRequest): Answer {
  checkPut(request);
  const { headers, rawHeaders, target, body } = request;
  const type = headers['x-ms-blob-type'];
  if (type === undefined) throw storageError('MissingRequiredHeader', { detail: 'It is x-ms-blob-type.' });
  if (type !== 'BlockBlob') {
    const isOther = type === 'PageBlob' || type === 'AppendBlob';
    throw storageError(isOther ? 'NotImplemented' : 'InvalidHeaderValue', { detail: `x-ms-blob-type: ${type}.` });
  }
  const container = store.get(target.container as string);
  const name = target.blob as string;
  if (name.length > LONGEST_NAME || name.split('/').length > MOST_SEGMENTS) throw storageError('OutOfRangeInput');
  checkWrite(headers, container.find(name)?.modified);
  const contentMd5 = md5Of(body);
  checkContentMd5(headers, contentMd5);
  const contentCrc64 = checkContentCrc64(headers, body);
  const metadata = readMetadata(rawHeaders);
  const blob = container.put(name, { body, contentMd5, contentHeaders: readContentHeaders(headers), metadata });
  return {
    status: 201,
    headers: {
      'Content-MD5': contentMd5,
      ETag: blob.modified.etag,
      'Last-Modified': blob.modified.lastModified,
      'x-ms-request-server-encrypted': 'true',
      ...(contentCrc64 !== undefined && { 'x-ms-content-crc64': contentCrc64 }),
    },
  };
}

/** Limits of a blob's name (Naming and Referencing Containers, Blobs, and Metadata). */
const LONGEST_NAME = 1024;
const MOST_SEGMENTS = 254;

const checkGet = heeding({ headers: [...CONDITIONS, 'range', 'x-ms-range', 'x-ms-range-get-content-md5'] });
const checkHead = heeding({ headers: CONDITIONS });

function get(store: BlobStore, request: BlobRequest): Answer {
  const { method, headers, target } = request;
  if (method === 'GET') checkGet(request);
  else checkHead(request);
  const container = store.get(target.container as string);
  const found = container.find(target.blob as string);
  const wanted = readIsWanted(headers, found?.modified);
  const blob = container.get(target.blob as string);
  if (!wanted) {
    return { status: 304, headers: { ETag: blob.modified.etag, 'x-ms-error-code': 'ConditionNotMet' } };
  }
  const answer = describe(blob);
  const range = method === 'GET' ? readRange(headers, blob.body.length) : undefined;
  const wantsMd5 = wantsMd5OfRange(headers['x-ms-range-get-content-md5'], range);
  if (!range) {
    answer['Content-MD5'] = blob.contentMd5;
    answer['Content-Length'] = blob.body.length;
    return { status: 200, headers: answer, body: blob.body };
  }
  const body = blob.body.subarray(range.start, range.end + 1);
  answer['Content-Range'] = `bytes ${range.start}-${range.end}/${blob.body.length}`;
  answer['x-ms-blob-content-md5'] = blob.contentMd5;
  if (wantsMd5) answer['Content-MD5'] = md5Of(body);
  return { status: 206, headers: answer, body };
}

/**
 * Reads x-ms-range-get-content-md5: the service gives the MD5 of a range of at most 4 MiB, and of nothing else.
 *
 * @throws StorageError InvalidHeaderValue
 */
function wantsMd5OfRange(value: string | string[] | undefined, range: ByteRange | undefined): boolean {
  if (value === undefined || value === 'false') return false;
  if (value === 'true' && range && range.end - range.start < LARGEST_RANGE_WITH_MD5_BYTES) return true;
  throw storageError('InvalidHeaderValue', { detail: `x-ms-range-get-content-md5 "${value}" needs a range to 4 MiB.` });
}

const LARGEST_RANGE_WITH_MD5_BYTES = 4 * 1024 * 1024;

const checkDelete = heeding({ headers: [...CONDITIONS, 'x-ms-delete-snapshots'] });

function remove(store: BlobStore, request: BlobRequest): Answer {
  checkDelete(request);
  const { headers, target } = request;
  // There are no snapshots: a blob with all of its own is the blob, and only they would be nothing at all.
  const which = headers['x-ms-delete-snapshots'];
  if (which === 'only') throw storageError('NotImplemented', { detail: 'x-ms-delete-snapshots: only.' });
  if (which !== undefined && which !== 'include') {
    throw storageError('InvalidHeaderValue', { detail: `x-ms-delete-snapshots: ${which}.` });
  }
  const container = store.get(target.container as string);
  checkWrite(headers, container.find(target.blob as string)?.modified);
  container.delete(target.blob as string);
  return { status: 202, headers: { 'x-ms-delete-type-permanent': 'true' } };
}

const checkSetMetadata = heeding({ headers: [...CONDITIONS, METADATA_PREFIX], query: ['comp'] });

function setMetadata(store: BlobStore, request: BlobRequest): Answer {
  checkSetMetadata(request);
  const { headers, rawHeaders, target } = request;
  const container = store.get(target.container as string);
  checkWrite(headers, container.find(target.blob as string)?.modified);
  const { modified } = container.setMetadata(target.blob as string, readMetadata(rawHeaders));
  return { status: 200, headers: { ETag: modified.etag, 'Last-Modified': modified.lastModified } };
}

function describe(blob: StoredBlob): Record<string, string | number> {
  const headers: Record<string, string | number> = {
    ...blob.contentHeaders,
    ETag: blob.modified.etag,
    'Last-Modified': blob.modified.lastModified,
    'Accept-Ranges': 'bytes',
    'x-ms-creation-time': blob.created,
    'x-ms-blob-type': 'BlockBlob',
    'x-ms-lease-status': 'unlocked',
    'x-ms-lease-state': 'available',
    'x-ms-server-encrypted': 'true',
  };
  for (const [name, value] of blob.metadata) headers[METADATA_PREFIX + name] = value;
  return headers;
}
