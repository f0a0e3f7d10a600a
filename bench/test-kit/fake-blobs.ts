import {
  type BlobClient,
  type BlobGetPropertiesResponse,
  type BlobServiceClient,
  type BlobUploadCommonResponse,
  type BlockBlobClient,
  type BlockBlobParallelUploadOptions,
  type ContainerClient,
  type ContainerCreateIfNotExistsResponse,
  RestError,
} from '@azure/storage-blob';

interface StoredBlob {
  readonly content: Buffer;
  readonly metadata: Record<string, string>;
}

/** A made-up store that can do what a run asks of one before its drain: make containers, and keep a dataset. For tests. */
export function fakeBlobs(): BlobServiceClient {
  const blobs = new Map<string, StoredBlob>();
  const blobClient = (path: string) =>
    ({
      async getProperties() {
        const blob = blobs.get(path);
        if (!blob) throw new RestError(`no blob ${path}`, { statusCode: 404 });
        return { metadata: blob.metadata, contentLength: blob.content.length } as BlobGetPropertiesResponse;
      },
      async uploadData(content: Buffer, { metadata = {} }: BlockBlobParallelUploadOptions) {
        blobs.set(path, { content, metadata });
        return {} as BlobUploadCommonResponse;
      },
      downloadToBuffer: async () => blobs.get(path)?.content ?? Buffer.alloc(0),
    }) as BlockBlobClient;
  const containerClient = (container: string) =>
    ({
      createIfNotExists: async () => ({}) as ContainerCreateIfNotExistsResponse,
      getBlobClient: (name: string): BlobClient => blobClient(`${container}/${name}`),
      getBlockBlobClient: (name: string) => blobClient(`${container}/${name}`),
    }) as ContainerClient;
  return { getContainerClient: containerClient } as BlobServiceClient;
}
