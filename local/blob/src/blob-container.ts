import type { Metadata } from './metadata.js';
import type { Modification, ModificationClock } from './modification-clock.js';
import { storageError } from './storage-error.js';

/** What a PUT stores. */
export interface BlobContent {
  readonly body: Buffer;
  /** Base64. */
  readonly contentMd5: string;
  /** Content-Type and its kin as they are sent back, by header name. */
  readonly contentHeaders: Readonly<Record<string, string>>;
  readonly metadata: Metadata;
}

/** One stored block blob. */
export interface StoredBlob extends BlobContent {
  readonly name: string;
  readonly modified: Modification;
  /** HTTP date of the write that made the blob. */
  readonly created: string;
  /** Milliseconds since the epoch, with fractions, as the first and the last PUT finished. */
  readonly firstWrittenAtMs: number;
  readonly lastWrittenAtMs: number;
  /** PUTs of this blob since it was made. */
  readonly writes: number;
}

/** One container: its blobs by name, with what the admin endpoint counts. */
export class BlobContainer {
  readonly name: string;
  readonly metadata: Metadata;
  readonly modified: Modification;
  readonly #clock: ModificationClock;
  readonly #blobs = new Map<string, StoredBlob>();
  #sortedNames: readonly string[] | undefined;
  #sizeBytes = 0;
  #writes = 0;

  constructor(options: { name: string; metadata: Metadata; clock: ModificationClock }) {
    this.name = options.name;
    this.metadata = options.metadata;
    this.#clock = options.clock;
    this.modified = options.clock.next();
  }

  get blobCount(): number {
    return this.#blobs.size;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** PUTs since the container was made or emptied. */
  get writes(): number {
    return this.#writes;
  }

  blobs(): IterableIterator<StoredBlob> {
    return this.#blobs.values();
  }

  find(name: string): StoredBlob | undefined {
    return this.#blobs.get(name);
  }

  /** @throws StorageError BlobNotFound */
  get(name: string): StoredBlob {
    const blob = this.#blobs.get(name);
    if (!blob) throw storageError('BlobNotFound');
    return blob;
  }

  /** The names in order; sorted when first asked for after a name came or went, so that a PUT never pays for it. */
  sortedNames(): readonly string[] {
    this.#sortedNames ??= [...this.#blobs.keys()].sort();
    return this.#sortedNames;
  }

  put(name: string, content: BlobContent): StoredBlob {
    const before = this.#blobs.get(name);
    const modified = this.#clock.next();
    const blob: StoredBlob = {
      name,
      body: content.body,
      contentMd5: content.contentMd5,
      contentHeaders: content.contentHeaders,
      metadata: content.metadata,
      modified,
      created: before?.created ?? modified.lastModified,
      firstWrittenAtMs: before?.firstWrittenAtMs ?? modified.atMs,
      lastWrittenAtMs: modified.atMs,
      writes: (before?.writes ?? 0) + 1,
    };
    this.#blobs.set(name, blob);
    this.#sizeBytes += blob.body.length - (before?.body.length ?? 0);
    this.#writes++;
    if (!before) this.#sortedNames = undefined;
    return blob;
  }

  /** Replaces the metadata: a change with an ETag of its own, but no write of the content. */
  setMetadata(name: string, metadata: Metadata): StoredBlob {
    const blob: StoredBlob = { ...this.get(name), metadata, modified: this.#clock.next() };
    this.#blobs.set(name, blob);
    return blob;
  }

  /** @throws StorageError BlobNotFound */
  delete(name: string): void {
    this.#sizeBytes -= this.get(name).body.length;
    this.#blobs.delete(name);
    this.#sortedNames = undefined;
  }

  /** Removes every blob and starts the counts again. */
  empty(): void {
    this.#blobs.clear();
    this.#sortedNames = undefined;
    this.#sizeBytes = 0;
    this.#writes = 0;
  }
}
