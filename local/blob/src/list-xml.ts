import type { BlobContainer, StoredBlob } from './blob-container.js';
import type { BlobListing } from './blob-listing.js';
import type { Metadata } from './metadata.js';
import { markerOf, type Page } from './page.js';
import { element, escapeXml, fitsXml } from './xml.js';

/** The body of List Containers. */
export function listContainersXml(options: {
  endpoint: string;
  page: Page;
  containers: readonly BlobContainer[];
  next: string | undefined;
}): string {
  const { endpoint, page, containers, next } = options;
  const entries = containers.map(container => containerXml(container, page.withMetadata)).join('');
  return (
    `${HEAD} ServiceEndpoint="${escapeXml(endpoint)}">${pageXml(page)}` +
    `<Containers>${entries}</Containers>${element('NextMarker', markerOf(next))}</EnumerationResults>`
  );
}

/** The body of List Blobs. */
export function listBlobsXml(options: {
  endpoint: string;
  page: Page;
  container: BlobContainer;
  listing: BlobListing;
}): string {
  const { endpoint, page, container, listing } = options;
  const entries = listing.entries
    .map(entry =>
      'blob' in entry ? blobXml(entry.blob, page.withMetadata) : `<BlobPrefix>${nameXml(entry.prefix)}</BlobPrefix>`,
    )
    .join('');
  return (
    `${HEAD} ServiceEndpoint="${escapeXml(endpoint)}" ContainerName="${container.name}">${pageXml(page)}` +
    `${page.delimiter === '' ? '' : element('Delimiter', page.delimiter)}` +
    `<Blobs>${entries}</Blobs>${element('NextMarker', markerOf(listing.next))}</EnumerationResults>`
  );
}

const HEAD = '<?xml version="1.0" encoding="utf-8"?><EnumerationResults';

function pageXml(page: Page): string {
  return element('Prefix', page.prefix) + element('Marker', page.marker) + element('MaxResults', page.maxResults);
}

function containerXml(container: BlobContainer, withMetadata: boolean): string {
  const { modified } = container;
  return (
    `<Container>${element('Name', container.name)}<Properties>${element('Last-Modified', modified.lastModified)}` +
    `${element('Etag', modified.etag)}<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>` +
    `</Properties>${withMetadata ? metadataXml(container.metadata) : ''}</Container>`
  );
}

function blobXml(blob: StoredBlob, withMetadata: boolean): string {
  const contentHeaders = CONTENT_HEADERS.map(name => element(name, blob.contentHeaders[name] ?? '')).join('');
  return (
    `<Blob>${nameXml(blob.name)}<Properties>${element('Creation-Time', blob.created)}` +
    element('Last-Modified', blob.modified.lastModified) +
    element('Etag', blob.modified.etag.slice(1, -1)) +
    element('Content-Length', blob.body.length) +
    contentHeaders +
    element('Content-MD5', blob.contentMd5) +
    '<BlobType>BlockBlob</BlobType><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>' +
    `<ServerEncrypted>true</ServerEncrypted></Properties>${withMetadata ? metadataXml(blob.metadata) : ''}</Blob>`
  );
}

const CONTENT_HEADERS = [
  'Content-Type',
  'Content-Encoding',
  'Content-Language',
  'Cache-Control',
  'Content-Disposition',
] as const;

function metadataXml(metadata: Metadata): string {
  return `<Metadata>${metadata.map(([name, value]) => element(name, value)).join('')}</Metadata>`;
}

/**
 * A name with a character that XML cannot hold is percent-encoded and marked so, as the service documents. One with a
 * carriage return is too: in XML it is `&#13;`, which the parser of @azure/storage-blob leaves as it stands.
 */
function nameXml(name: string): string {
  if (fitsXml(name) && !name.includes('\r')) return element('Name', name);
  return `<Name Encoded="true">${encodeURIComponent(name)}</Name>`;
}
