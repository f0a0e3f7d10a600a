import type { Answer } from './answer.js';
import type { BlobRequest } from './blob-request.js';
import type { BlobStore } from './blob-store.js';
import { heeding } from './heeded.js';
import { listContainersXml } from './list-xml.js';
import { readPage } from './page.js';
import { storageError } from './storage-error.js';

/** Answers a request to the account itself: List Containers is all there is. */
export function answerAccount(store: BlobStore, request: BlobRequest): Answer {
  const { method, headers, target } = request;
  if (method !== 'GET' || target.query.get('comp') !== 'list') {
    throw storageError('NotImplemented', { detail: `${method} ${target.encodedPath} on an account.` });
  }
  checkList(request);
  const page = readPage(target.query, LISTED);
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

const checkList = heeding({ query: ['comp', 'prefix', 'marker', 'maxresults', 'include'] });

/** What `include` may name: metadata, and what would add nothing to a listing here, where there is none of it. */
const LISTED = ['metadata', 'deleted', 'system'];
