import type { Answer } from './answer.js';
import type { BlobRequest } from './blob-request.js';
import type { BlobStore } from './blob-store.js';
import { listContainersXml } from './list-xml.js';
import { readPage } from './page.js';
import { storageError } from './storage-error.js';

/** Answers a request to the account itself: List Containers is all there is. */
export function answerAccount(store: BlobStore, { method, headers, target }: BlobRequest): Answer {
  if (method !== 'GET' || target.query.get('comp') !== 'list') {
    throw storageError('NotImplemented', { detail: `${method} ${target.encodedPath} on an account.` });
  }
  const page = readPage(target.query);
  const matching = store
    .containers()
    .filter(container => container.name >= page.from && container.name.startsWith(page.prefix));
  const shown = matching.slice(0, page.maxResults);
  const next = matching[shown.length]?.name;
  const body = listContainersXml({
    endpoint: `http://${headers.host}/${target.account}`,
    page,
    containers: shown,
    next,
  });
  return { status: 200, headers: { 'Content-Type': 'application/xml' }, body };
}
