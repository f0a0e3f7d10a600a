import type { Answer } from './answer.js';
import type { BlobContainer } from './blob-container.js';
import { listBlobs } from './blob-listing.js';
import type { BlobRequest } from './blob-request.js';
import type { BlobStore } from './blob-store.js';
import { checkWrite } from './conditions.js';
import { CONDITIONS, heeding } from './heeded.js';
import { listBlobsXml } from './list-xml.js';
import { METADATA_PREFIX, readMetadata } from './metadata.js';
import { readPage } from './page.js';
import { storageError } from './storage-error.js';

/**
 * Answers a request to a container: create, delete, properties and List Blobs.
 *
 * @throws StorageError for whatever the service refuses, and NotImplemented for what this server lacks.
 */
export function answerContainer(store: BlobStore, request: BlobRequest): Answer {
  const { method, headers, target } = request;
  const name = target.container as string;
  const comp = target.query.get('comp');
  if (target.query.get('restype') !== 'container') {
    throw storageError('NotImplemented', { detail: 'The $root container; a container needs restype=container.' });
  }
  if (comp === 'list' && method === 'GET') return list(store, request);
  if (comp !== undefined) {
    throw storageError('NotImplemented', { detail: `${method} with comp=${comp} on a container.` });
  }
  if (method === 'PUT') {
    checkCreate(request);
    const container = store.create(name, readMetadata(request.rawHeaders));
    return { status: 201, headers: stateHeaders(container) };
  }
  if (method === 'GET' || method === 'HEAD') {
    checkProperties(request);
    return properties(store.get(name));
  }
  if (method === 'DELETE') {
    checkDelete(request);
    checkWrite(headers, store.get(name).modified);
    store.delete(name);
    return { status: 202, headers: {} };
  }
  throw storageError('UnsupportedHttpVerb', { detail: `Method: ${method}.` });
}

const checkCreate = heeding({ headers: [METADATA_PREFIX], query: ['restype'] });
const checkProperties = heeding({ query: ['restype'] });
const checkDelete = heeding({ headers: CONDITIONS, query: ['restype'] });
const checkList = heeding({
  query: ['restype', 'comp', 'prefix', 'marker', 'maxresults', 'delimiter', 'include'],
});

/** What `include` may name: metadata, and what would add nothing to a listing here, where there is none of it. */
const LISTED = [
  ...['metadata', 'copy', 'deleted', 'deletedwithversions', 'immutabilitypolicy', 'legalhold', 'snapshots', 'tags'],
  ...['uncommittedblobs', 'versions'],
];

function list(store: BlobStore, request: BlobRequest): Answer {
  checkList(request);
  const { headers, target } = request;
  const container = store.get(target.container as string);
  const page = readPage(target.query, LISTED);
  const endpoint = `http://${headers.host}/${target.account}`;
  const body = listBlobsXml({ endpoint, page, container, listing: listBlobs(container, page) });
  return { status: 200, headers: { 'Content-Type': 'application/xml' }, body };
}

function properties(container: BlobContainer): Answer {
  const headers = stateHeaders(container);
  headers['x-ms-lease-status'] = 'unlocked';
  headers['x-ms-lease-state'] = 'available';
  headers['x-ms-has-immutability-policy'] = 'false';
  headers['x-ms-has-legal-hold'] = 'false';
  for (const [name, value] of container.metadata) headers[METADATA_PREFIX + name] = value;
  return { status: 200, headers };
}

function stateHeaders({ modified }: BlobContainer): Record<string, string | number> {
  return { ETag: modified.etag, 'Last-Modified': modified.lastModified };
}
