import { BlobServiceClient } from '@azure/storage-blob';
import { type BlobServer, startBlobServer } from '@order-bench/blob';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetMissing, loadDataset, storeDataset } from './dataset.js';
import { makeOrders } from './orders.js';

describe('a dataset', () => {
  let server: BlobServer;
  let blobs: BlobServiceClient;

  beforeEach(async () => {
    server = await startBlobServer();
    blobs = BlobServiceClient.fromConnectionString(server.connectionString);
  });
  afterEach(() => server.close());

  const blob = () => blobs.getContainerClient('testdata').getBlockBlobClient('orders-50-7');

  it('is stored, container and all, and loaded with the bytes it was made of', async () => {
    const stored = await storeDataset({ blobs, count: 50, seed: 7, expressShare: 0.2 });
    expect(stored).toMatchObject({ name: 'orders-50-7', reused: false });
    const { name, expressShare, orders } = await loadDataset({ blobs, count: 50, seed: 7 });
    expect({ name, expressShare }).toEqual({ name: 'orders-50-7', expressShare: 0.2 });
    expect(orders).toEqual(makeOrders({ count: 50, seed: 7, expressShare: 0.2 }));
  });

  it('is one order a line, with what it was made from as metadata', async () => {
    const { sizeBytes } = await storeDataset({ blobs, count: 50, seed: 7 });
    const text = (await blob().downloadToBuffer()).toString();
    expect(text.split('\n')).toHaveLength(51);
    expect(await blob().getProperties()).toMatchObject({
      contentLength: sizeBytes,
      contentType: 'application/x-ndjson',
      metadata: { count: '50', seed: '7', expressshare: '0.5', generatorversion: '1' },
    });
  });

  it('is reused when it was made from the same options, and replaced when not', async () => {
    const first = await storeDataset({ blobs, count: 50, seed: 7 });
    const { etag } = await blob().getProperties();
    expect(await storeDataset({ blobs, count: 50, seed: 7 })).toEqual({ ...first, reused: true });
    expect((await blob().getProperties()).etag).toBe(etag);
    expect(await storeDataset({ blobs, count: 50, seed: 7, expressShare: 1 })).toMatchObject({ reused: false });
    expect((await loadDataset({ blobs, count: 50, seed: 7 })).expressShare).toBe(1);
  });

  it('that was never stored is missing, with the command that makes it', async () => {
    const loading = loadDataset({ blobs, count: 50, seed: 7 });
    await expect(loading).rejects.toThrow(DatasetMissing);
    await expect(loading).rejects.toThrow('order-generator generate --count 50 --seed 7');
  });

  it('that lost orders is refused', async () => {
    await storeDataset({ blobs, count: 50, seed: 7 });
    const { metadata } = await blob().getProperties();
    await blob().upload('{"orderId":1,"delivery":"Express"}\n', 35, { metadata: metadata ?? {} });
    await expect(loadDataset({ blobs, count: 50, seed: 7 })).rejects.toThrow('testdata/orders-50-7 holds 1 orders');
    await blob().upload('{"orderId":\n', 12, { metadata: metadata ?? {} });
    await expect(loadDataset({ blobs, count: 50, seed: 7 })).rejects.toThrow('testdata/orders-50-7 line 1 is not JSON');
  });
});
