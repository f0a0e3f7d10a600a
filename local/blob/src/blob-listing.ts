import type { BlobContainer, StoredBlob } from './blob-container.js';
import type { Page } from './page.js';

/** One page of a container's blobs, in the order of their names. */
export interface BlobListing {
  /** Blobs, and in place of all blobs whose names go on past the delimiter, their common prefix. */
  readonly entries: readonly ({ readonly blob: StoredBlob } | { readonly prefix: string })[];
  /** The first name of the next page, if there is one. */
  readonly next: string | undefined;
}

/** Lists one page of a container's blobs. */
export function listBlobs(container: BlobContainer, page: Page): BlobListing {
  const names = container.sortedNames();
  const entries: ({ blob: StoredBlob } | { prefix: string })[] = [];
  let at = firstAtOrAfter(names, page.from);
  while (entries.length < page.maxResults) {
    const name = names[at];
    if (name === undefined || !name.startsWith(page.prefix)) return { entries, next: undefined };
    const end = page.delimiter === '' ? -1 : name.indexOf(page.delimiter, page.prefix.length);
    if (end < 0) {
      entries.push({ blob: container.get(name) });
      at++;
    } else {
      const prefix = name.slice(0, end + page.delimiter.length);
      entries.push({ prefix });
      while (names[at]?.startsWith(prefix)) at++;
    }
  }
  const next = names[at];
  return { entries, next: next?.startsWith(page.prefix) ? next : undefined };
}

function firstAtOrAfter(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] as string) < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
