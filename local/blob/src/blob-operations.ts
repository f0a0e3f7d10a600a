import type { Answer } from './answer.js';
import type { StoredBlob } from './blob-container.js';
import type { BlobRequest } from './blob-request.js';
import type { BlobStore } from './blob-store.js';
import { readRange } from './byte-range.js';
import { checkWrite, readIsWanted } from './conditions.js';
import { readContentHeaders } from './content-headers.js';
import { checkContentMd5, md5Of } from './content-md5.js';
import { METADATA_PREFIX, readMetadata } from './metadata.js';
import { storageError } from './storage-error.js';

/**
 * Answers a request to a blob: Put Blob (block blobs), Get, Head, Delete and Set Blob Metadata.
 *
 * @throws StorageError for whatever the service refuses, and NotImplemented for what this server lacks.
 */
export function answerBlob(store: BlobStore, request: BlobRequest): Answer {
  const { method, target } = request;
  refuseMissingFeatures(request);
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

function put(store: BlobStore, { headers, rawHeaders, target, body }: BlobRequest): Answer {
  const type = headers['x-ms-blob-type'];
  if (type === undefined) throw storageError('MissingRequiredHeader', { detail: 'It is x-ms-blob-type.' });
  if (type !== 'BlockBlob') throw storageError('NotImplemented', { detail: `x-ms-blob-type: ${type}.` });
  const container = store.get(target.container as string);
  const name = target.blob as string;
  if (name.length > LONGEST_NAME) throw storageError('OutOfRangeInput');
  checkWrite(headers, container.find(name)?.modified);
  const contentMd5 = md5Of(body);
  checkContentMd5(headers, contentMd5);
  const metadata = readMetadata(rawHeaders);
  const blob = container.put(name, { body, contentMd5, contentHeaders: readContentHeaders(headers), metadata });
  return {
    status: 201,
    headers: {
      'Content-MD5': contentMd5,
      ETag: blob.modified.etag,
      'Last-Modified': blob.modified.lastModified,
      'x-ms-request-server-encrypted': 'true',
    },
  };
}

const LONGEST_NAME = 1024;

function get(store: BlobStore, { method, headers, target }: BlobRequest): Answer {
  const container = store.get(target.container as string);
  const found = container.find(target.blob as string);
  const wanted = readIsWanted(headers, found?.modified);
  const blob = container.get(target.blob as string);
  if (!wanted) {
    return { status: 304, headers: { ETag: blob.modified.etag, 'x-ms-error-code': 'ConditionNotMet' } };
  }
  const answer = describe(blob);
  const range = method === 'GET' ? readRange(headers, blob.body.length) : undefined;
  if (!range) {
    answer['Content-MD5'] = blob.contentMd5;
    answer['Content-Length'] = blob.body.length;
    return { status: 200, headers: answer, body: blob.body };
  }
  const body = blob.body.subarray(range.start, range.end + 1);
  answer['Content-Range'] = `bytes ${range.start}-${range.end}/${blob.body.length}`;
  answer['x-ms-blob-content-md5'] = blob.contentMd5;
  if (headers['x-ms-range-get-content-md5'] === 'true') answer['Content-MD5'] = md5Of(body);
  return { status: 206, headers: answer, body };
}

function remove(store: BlobStore, { headers, target }: BlobRequest): Answer {
  const container = store.get(target.container as string);
  checkWrite(headers, container.find(target.blob as string)?.modified);
  container.delete(target.blob as string);
  return { status: 202, headers: { 'x-ms-delete-type-permanent': 'true' } };
}

function setMetadata(store: BlobStore, { headers, rawHeaders, target }: BlobRequest): Answer {
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

/** To ignore one of these would answer something else than what was asked. */
function refuseMissingFeatures({ headers, target }: BlobRequest): void {
  for (const name of ['snapshot', 'versionid']) {
    if (target.query.has(name)) throw storageError('NotImplemented', { detail: `The query parameter ${name}.` });
  }
  for (const name of ['x-ms-copy-source', 'x-ms-lease-id', 'x-ms-encryption-key', 'x-ms-if-tags', 'x-ms-tags']) {
    if (headers[name] !== undefined) throw storageError('NotImplemented', { detail: `The header ${name}.` });
  }
}
