import { type BlobItem, BlobServiceClient } from '@azure/storage-blob';
import type { BlobAdmin, BlobWrite, Rig } from '@order-bench/rig';
import { OUTBOXES } from './pipeline.js';

/** What a run needs to know of the store that the orders end in. */
export interface BlobStore {
  /** How exact `writes` is: `exact` to a fraction of a millisecond, or whole seconds. */
  readonly resolution: 'exact' | 'second';
  /** False where a second write of a blob can't be told from the first. */
  readonly countsWrites: boolean;
  blobCount(): Promise<number>;
  writes(container: string): Promise<BlobWrite[]>;
  read(container: string, name: string): Promise<Buffer>;
  /** Empties the containers of this store. */
  empty(): Promise<void>;
}

/** The rig's blob store: our server with its records of writes, or Azurite by what the Blob API tells. */
export function blobStore(rig: Rig, containers: readonly string[]): BlobStore {
  const service = BlobServiceClient.fromConnectionString(rig.blobConnectionString);
  const read = (container: string, name: string) =>
    service.getContainerClient(container).getBlobClient(name).downloadToBuffer();
  return rig.blobs ? recordedStore({ admin: rig.blobs, containers, read }) : listedStore({ service, containers, read });
}

/** Makes the containers that orders end in, where they are missing. */
export async function makeOutboxes(rig: Pick<Rig, 'blobConnectionString'>): Promise<void> {
  const service = BlobServiceClient.fromConnectionString(rig.blobConnectionString);
  await Promise.all(OUTBOXES.map(container => service.getContainerClient(container).createIfNotExists()));
}

interface RecordedStoreOptions {
  readonly admin: BlobAdmin;
  readonly containers: readonly string[];
  readonly read: BlobStore['read'];
}

function recordedStore({ admin, containers, read }: RecordedStoreOptions): BlobStore {
  return {
    resolution: 'exact',
    countsWrites: true,
    read,
    writes: container => admin.writes(container),
    async blobCount() {
      const states = await admin.containers();
      return states.filter(({ name }) => containers.includes(name)).reduce((sum, { blobs }) => sum + blobs, 0);
    },
    async empty() {
      await Promise.all(containers.map(container => admin.empty(container)));
    },
  };
}

interface ListedStoreOptions {
  readonly service: BlobServiceClient;
  readonly containers: readonly string[];
  readonly read: BlobStore['read'];
}

function listedStore({ service, containers, read }: ListedStoreOptions): BlobStore {
  const list = async (container: string) => {
    const blobs: BlobItem[] = [];
    for await (const blob of service.getContainerClient(container).listBlobsFlat()) blobs.push(blob);
    return blobs;
  };
  return {
    resolution: 'second',
    countsWrites: false,
    read,
    async writes(container) {
      return (await list(container)).map(({ name, properties }) => ({
        name,
        sizeBytes: properties.contentLength ?? 0,
        contentMd5: Buffer.from(properties.contentMD5 ?? []).toString('base64'),
        firstWrittenAtMs: properties.lastModified.getTime(),
        lastWrittenAtMs: properties.lastModified.getTime(),
        writes: 1,
      }));
    },
    async blobCount() {
      const counts = await Promise.all(containers.map(async container => (await list(container)).length));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async empty() {
      for (const container of containers) {
        const client = service.getContainerClient(container);
        for (const { name } of await list(container)) await client.deleteBlob(name);
      }
    },
  };
}
