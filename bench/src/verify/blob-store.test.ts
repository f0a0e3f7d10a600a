import { BlobServiceClient } from '@azure/storage-blob';
import { startBlobServer } from '@order-bench/blob';
import { expect, it, onTestFinished } from 'vitest';
import { etagWrite } from '../sites/cluster/etag-time.js';
import { listedStore } from './blob-store.js';

it('a listed container is as exact as the least exact time in it, whatever was read before', async () => {
  const server = await startBlobServer();
  onTestFinished(() => server.close());
  const service = BlobServiceClient.fromConnectionString(server.connectionString);
  const [a, b] = [service.getContainerClient('outbox-a'), service.getContainerClient('outbox-b')];
  for (const container of [a, b]) {
    await container.create();
    await container.uploadBlockBlob('1', '{}', 2);
  }
  await a.uploadBlockBlob('2', '[1]', 3);
  const store = listedStore({
    service,
    containers: [a.containerName, b.containerName],
    // As if the ETag of the longer blob were no time.
    lastWrite: ({ etag, lastModified, contentLength }) =>
      etagWrite({ etag: contentLength === 3 ? '"0x1"' : etag, lastModified }),
  });
  expect(await store.writes(a.containerName)).toMatchObject({ resolution: 'second', writes: [{}, {}] });
  expect(await store.writes(b.containerName)).toMatchObject({
    resolution: 'exact',
    writes: [{ name: '1', writes: 1 }],
  });
  await a.deleteBlob('2');
  expect((await store.writes(a.containerName)).resolution).toBe('exact');
});
