import type { Answer } from './answer.js';
import type { BlobContainer } from './blob-container.js';
import { listBlobs } from './blob-listing.js';
import type { BlobRequest } from './blob-request.js';
import type { BlobStore } from './blob-store.js';
import { checkWrite } from './conditions.js';
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
  const operation = target.query.get('comp') ?? method;
  if (target.query.get('restype') !== 'container') {
    throw storageError('NotImplemented', { detail: 'The $root container; a container needs restype=container.' });
  }
  if (operation === 'list' && method === 'GET') return list(store.get(name), request);
  if (operation === 'PUT') {
    const container = store.create(name, readMetadata(request.rawHeaders));
    return { status: 201, headers: stateHeaders(container) };
  }
  if (operation === 'GET' || operation === 'HEAD') return properties(store.get(name));
  if (operation === 'DELETE') {
    checkWrite(headers, store.get(name).modified);
    store.delete(name);
    return { status: 202, headers: {} };
  }
  throw storageError('NotImplemented', { detail: `${method} with comp=${target.query.get('comp')} on a container.` });
}

function list(container: BlobContainer, { headers, target }: BlobRequest): Answer {
  const page = readPage(target.query);
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
