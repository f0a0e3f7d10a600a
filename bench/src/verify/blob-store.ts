import { type BlobItem, BlobServiceClient } from '@azure/storage-blob';
import type { BlobAdmin, BlobWrite, Rig } from '@order-bench/rig';
import type { TimingFigures } from '../results/result.js';
import { OUTBOXES } from '../workload/pipeline.js';

/** What a run needs to know of the store that the orders end in. */
export interface BlobStore {
  /** False where a second write of a blob can't be told from the first. */
  readonly countsWrites: boolean;
  blobCount(): Promise<number>;
  writes(container: string): Promise<ContainerWrites>;
  read(container: string, name: string): Promise<Buffer>;
  /** Empties the containers of this store. */
  empty(): Promise<void>;
}

/** The blobs of a container with their times, as they were when it was read. */
export interface ContainerWrites {
  /** Of the least exact time among them: `exact` to a fraction of a millisecond, or whole seconds. */
  readonly resolution: TimingFigures['resolution'];
  readonly writes: readonly BlobWrite[];
}

/** The rig's blob store: our server with its records of writes, or Azurite by what the Blob API tells. */
export function blobStore(rig: Pick<Rig, 'blobConnectionString' | 'blobs'>, containers: readonly string[]): BlobStore {
  const service = BlobServiceClient.fromConnectionString(rig.blobConnectionString);
  const read = (container: string, name: string) =>
    service.getContainerClient(container).getBlobClient(name).downloadToBuffer();
  return rig.blobs
    ? recordedStore({ admin: rig.blobs, containers, read })
    : listedStore({ service, containers, lastWrite: wholeSecond });
}

/** Makes the containers that orders end in, where they are missing. */
export async function makeOutboxes(service: BlobServiceClient): Promise<void> {
  await Promise.all(OUTBOXES.map(container => service.getContainerClient(container).createIfNotExists()));
}

/** Our blob server, and how a blob of it is read. */
export interface RecordedStoreOptions {
  readonly admin: BlobAdmin;
  readonly containers: readonly string[];
  readonly read: BlobStore['read'];
}

/** A store by our server's records of writes. */
export function recordedStore({ admin, containers, read }: RecordedStoreOptions): BlobStore {
  return {
    countsWrites: true,
    read,
    writes: async container => ({ resolution: 'exact', writes: await admin.writes(container) }),
    async blobCount() {
      const states = await admin.containers();
      return states.filter(({ name }) => containers.includes(name)).reduce((sum, { blobs }) => sum + blobs, 0);
    },
    async empty() {
      await Promise.all(containers.map(container => admin.empty(container)));
    },
  };
}

/** A blob's last write, as a listing tells it. */
export interface ListedWrite {
  readonly atMs: number;
  /** To a fraction of a millisecond; otherwise whole seconds. */
  readonly isExact: boolean;
}

/** Which containers are listed, and how a blob's write time is read. */
export interface ListedStoreOptions {
  readonly service: BlobServiceClient;
  readonly containers: readonly string[];
  readonly lastWrite: (properties: BlobItem['properties']) => ListedWrite;
}

const DELETED_AT_ONCE = 16;

/** A store by what the Blob API tells. */
export function listedStore({ service, containers, lastWrite }: ListedStoreOptions): BlobStore {
  const list = async (container: string) => {
    const blobs: BlobItem[] = [];
    for await (const blob of service.getContainerClient(container).listBlobsFlat()) blobs.push(blob);
    return blobs;
  };
  return {
    countsWrites: false,
    read: (container, name) => service.getContainerClient(container).getBlobClient(name).downloadToBuffer(),
    async writes(container) {
      const blobs = (await list(container)).map(blob => ({ ...blob, last: lastWrite(blob.properties) }));
      return {
        resolution: blobs.every(({ last }) => last.isExact) ? 'exact' : 'second',
        writes: blobs.map(({ name, properties, last }) => ({
          name,
          sizeBytes: properties.contentLength ?? 0,
          contentMd5: Buffer.from(properties.contentMD5 ?? []).toString('base64'),
          firstWrittenAtMs: last.atMs,
          lastWrittenAtMs: last.atMs,
          writes: 1,
        })),
      };
    },
    async blobCount() {
      const counts = await Promise.all(containers.map(async container => (await list(container)).length));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async empty() {
      for (const container of containers) {
        const client = service.getContainerClient(container);
        const left = (await list(container)).values();
        const deleteNext = async () => {
          for (const { name } of left) await client.deleteBlob(name);
        };
        await Promise.all(Array.from({ length: DELETED_AT_ONCE }, deleteNext));
      }
    },
  };
}

/** Azurite's ETags are no times. */
function wholeSecond({ lastModified }: BlobItem['properties']): ListedWrite {
  return { atMs: lastModified.getTime(), isExact: false };
}
