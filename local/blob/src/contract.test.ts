import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { BlobServiceClient, type ContainerClient, RestError, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AzuriteProcess, startAzurite } from './azurite-process.js';
import { type BlobServer, startBlobServer } from './blob-server.js';
import { DEVELOPMENT_ACCOUNT } from './development-account.js';

const servers: { name: string; start: () => Promise<BlobServer | AzuriteProcess> }[] = [
  { name: 'this server', start: () => startBlobServer() },
  { name: 'Azurite', start: startAzurite },
];

describe.each(servers)('the Blob service as @azure/storage-blob sees it, on $name', ({ name: serverName, start }) => {
  const ours = serverName === 'this server';
  let server: BlobServer | AzuriteProcess;
  let service: BlobServiceClient;
  let container: ContainerClient;

  beforeAll(async () => {
    server = await start();
    service = BlobServiceClient.fromConnectionString(server.connectionString, { retryOptions: { maxTries: 1 } });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    container = service.getContainerClient(`box-${randomUUID()}`);
    await container.create();
  });

  const put = (name: string, body: string) => container.getBlockBlobClient(name).upload(body, Buffer.byteLength(body));

  describe('containers', () => {
    it('are made once and refused the second time', async () => {
      expect(await refusalOf(container.create())).toMatchObject({ statusCode: 409, code: 'ContainerAlreadyExists' });
      expect((await container.createIfNotExists()).succeeded).toBe(false);
    });

    it('have properties and metadata', async () => {
      const other = service.getContainerClient(`box-${randomUUID()}`);
      const { etag, lastModified } = await other.create({ metadata: { purpose: 'test' } });
      expect(await other.getProperties()).toMatchObject({
        etag,
        lastModified,
        leaseState: 'available',
        metadata: { purpose: 'test' },
      });
    });

    it('are gone with their blobs once deleted', async () => {
      await put('a', '1');
      await container.delete();
      expect(await container.exists()).toBe(false);
      expect(await refusalOf(container.delete())).toMatchObject({ statusCode: 404, code: 'ContainerNotFound' });
      expect(await refusalOf(put('a', '1'))).toMatchObject({ statusCode: 404, code: 'ContainerNotFound' });
      expect(await refusalOf(container.listBlobsFlat().next())).toMatchObject({ code: 'ContainerNotFound' });
    });

    it('are listed page by page under a prefix', async () => {
      const prefix = `list-${randomUUID().slice(0, 8)}`;
      for (const letter of ['c', 'a', 'b']) await service.createContainer(`${prefix}-${letter}`);
      const pages: string[][] = [];
      for await (const page of service.listContainers({ prefix }).byPage({ maxPageSize: 2 })) {
        pages.push(page.containerItems.map(item => item.name));
      }
      expect(pages).toEqual([[`${prefix}-a`, `${prefix}-b`], [`${prefix}-c`]]);
    });

    it.each(['Upper', 'two--hyphens', '-start'])('cannot be called %s', async name => {
      const refusal = await refusalOf(service.createContainer(name));
      expect(refusal).toMatchObject({ statusCode: 400, code: 'InvalidResourceName' });
    });
  });

  describe('Put Blob', () => {
    it('keeps content, content headers and metadata', async () => {
      const blob = container.getBlockBlobClient('orders/1 ü.json');
      const body = '{"orderId":1}';
      const written = await blob.upload(body, body.length, {
        blobHTTPHeaders: { blobContentType: 'application/json', blobCacheControl: 'no-store' },
        metadata: { count: '1', seed: '7' },
      });
      const read = await blob.download();
      expect(await textOf(read.readableStreamBody)).toBe(body);
      expect(read).toMatchObject({
        blobType: 'BlockBlob',
        cacheControl: 'no-store',
        contentLength: body.length,
        contentType: 'application/json',
        etag: written.etag,
        lastModified: written.lastModified,
        metadata: { count: '1', seed: '7' },
      });
    });

    it('answers with the MD5 of what it stored', async () => {
      const { contentMD5 } = await put('a', 'content');
      expect(Buffer.from(contentMD5 ?? [])).toEqual(md5('content'));
    });

    it('takes an MD5 that fits and refuses one that does not', async () => {
      const blob = container.getBlockBlobClient('a');
      await blob.upload('content', 7, { blobHTTPHeaders: { blobContentMD5: md5('content') } });
      const wrong = blob.upload('context', 7, { blobHTTPHeaders: { blobContentMD5: md5('content') } });
      // The service documents Md5Mismatch; Azurite calls it InvalidOperation.
      expect(await refusalOf(wrong)).toMatchObject({
        statusCode: 400,
        code: ours ? 'Md5Mismatch' : 'InvalidOperation',
      });
      expect(await bodyOf(container, 'a')).toBe('content');
    });

    it('replaces a blob, metadata and all', async () => {
      const blob = container.getBlockBlobClient('a');
      const first = await blob.upload('first', 5, { metadata: { kept: 'no' } });
      const second = await blob.upload('second', 6);
      expect(second.etag).not.toBe(first.etag);
      expect(await bodyOf(container, 'a')).toBe('second');
      expect((await blob.getProperties()).metadata).toEqual({});
    });

    it('stores an empty blob', async () => {
      await put('empty', '');
      expect(await container.getBlobClient('empty').getProperties()).toMatchObject({ contentLength: 0 });
      expect(await bodyOf(container, 'empty')).toBe('');
    });

    it('stores the 6 MiB of a dataset in one piece', async () => {
      const dataset = randomBytes(6 * 1024 * 1024);
      await container.getBlockBlobClient('dataset').uploadData(dataset);
      expect(dataset.equals(await container.getBlobClient('dataset').downloadToBuffer())).toBe(true);
    });

    it('keeps apart names that a URL could confuse', async () => {
      const names = ['a b', 'a+b', 'a%20b', 'a?b', 'a&b#c', '100%', 'é<>"\'', 'x//y'];
      for (const name of names) await put(name, name);
      for (const name of names) expect(await bodyOf(container, name)).toBe(name);
      expect((await namesIn(container)).sort()).toEqual([...names].sort());
    });
  });

  describe('Get and Head', () => {
    it('know no blob that was never written', async () => {
      expect(await refusalOf(container.getBlobClient('none').download())).toMatchObject({
        statusCode: 404,
        code: 'BlobNotFound',
      });
      expect(await container.getBlobClient('none').exists()).toBe(false);
    });

    it('describe the blob', async () => {
      const { etag } = await put('a', 'content');
      const properties = await container.getBlobClient('a').getProperties();
      expect(properties).toMatchObject({ etag, contentLength: 7, contentType: 'application/octet-stream' });
      expect(Buffer.from(properties.contentMD5 ?? [])).toEqual(md5('content'));
      expect(properties.createdOn).toEqual(properties.lastModified);
      expect(properties.requestId).toBeTruthy();
      expect(properties.version).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(properties.date).toBeInstanceOf(Date);
    });

    it.each([
      { offset: 2, count: 3, expected: '234', range: 'bytes 2-4/10' },
      { offset: 7, count: undefined, expected: '789', range: 'bytes 7-9/10' },
      { offset: 8, count: 100, expected: '89', range: 'bytes 8-9/10' },
    ])('answer the range from $offset, $count long, with 206', async ({ offset, count, expected, range }) => {
      await put('a', '0123456789');
      const read = await container.getBlobClient('a').download(offset, count);
      expect(read._response.status).toBe(206);
      expect(read).toMatchObject({ contentRange: range, contentLength: expected.length });
      expect(Buffer.from(read.blobContentMD5 ?? [])).toEqual(md5('0123456789'));
      expect(await textOf(read.readableStreamBody)).toBe(expected);
    });

    it('give the MD5 of a range when asked', async () => {
      await put('a', '0123456789');
      const read = await container.getBlobClient('a').download(2, 3, { rangeGetContentMD5: true });
      // Azurite sends the whole blob's MD5 here; the service documents the range's.
      if (ours) expect(Buffer.from(read.contentMD5 ?? [])).toEqual(md5('234'));
      expect(await textOf(read.readableStreamBody)).toBe('234');
    });

    it('refuse a range past the end with 416', async () => {
      await put('a', '0123456789');
      const refusal = await refusalOf(container.getBlobClient('a').download(11, 5));
      expect(refusal).toMatchObject({ statusCode: 416, code: 'InvalidRange' });
      expect(refusal.response?.headers.get('content-range')).toBe('bytes */10');
    });
  });

  describe('Set Blob Metadata', () => {
    it('replaces the metadata and changes the ETag, not the content', async () => {
      const blob = container.getBlockBlobClient('a');
      const before = await blob.upload('content', 7, { metadata: { old: '1' } });
      const { etag } = await blob.setMetadata({ fresh: '2' });
      expect(etag).not.toBe(before.etag);
      expect(await blob.getProperties()).toMatchObject({ etag, metadata: { fresh: '2' }, contentLength: 7 });
    });
  });

  describe('Delete', () => {
    it('removes the blob, once', async () => {
      await put('a', '1');
      await container.deleteBlob('a');
      expect(await refusalOf(container.deleteBlob('a'))).toMatchObject({ statusCode: 404, code: 'BlobNotFound' });
      expect((await container.getBlobClient('a').deleteIfExists()).succeeded).toBe(false);
    });
  });

  describe('conditional headers', () => {
    const past = new Date(Date.now() - 3_600_000);
    const future = new Date(Date.now() + 3_600_000);
    const other = '"0x8CBFF45D8A29A19"';
    const notMet = { statusCode: 412, code: 'ConditionNotMet' };
    let etag: string;

    beforeEach(async () => {
      etag = (await put('a', 'content')).etag as string;
    });

    it('let a read through when they hold', async () => {
      for (const conditions of [
        { ifMatch: etag },
        { ifMatch: '*' },
        { ifNoneMatch: other },
        { ifModifiedSince: past },
        { ifUnmodifiedSince: future },
        { ifNoneMatch: other, ifModifiedSince: future },
      ]) {
        const read = await container.getBlobClient('a').download(0, undefined, { conditions });
        expect(await textOf(read.readableStreamBody)).toBe('content');
      }
    });

    it('answer 304 to a reader whose copy is still good', async () => {
      for (const conditions of [{ ifNoneMatch: etag }, { ifModifiedSince: future }]) {
        const refusal = await refusalOf(container.getBlobClient('a').getProperties({ conditions }));
        expect(refusal).toMatchObject({ statusCode: 304 });
      }
    });

    it('answer 412 to a reader who expects another version', async () => {
      for (const conditions of [{ ifMatch: other }, { ifUnmodifiedSince: past }]) {
        expect(await refusalOf(container.getBlobClient('a').getProperties({ conditions }))).toMatchObject({
          statusCode: 412,
        });
        expect(await refusalOf(container.getBlobClient('a').download(0, undefined, { conditions }))).toMatchObject(
          notMet,
        );
      }
    });

    it('make a blob only when it is not there yet', async () => {
      const onlyNew = { conditions: { ifNoneMatch: '*' } };
      await container.getBlockBlobClient('b').upload('1', 1, onlyNew);
      const again = container.getBlockBlobClient('b').upload('2', 1, onlyNew);
      expect(await refusalOf(again)).toMatchObject({ statusCode: 409, code: 'BlobAlreadyExists' });
      expect(await bodyOf(container, 'b')).toBe('1');
    });

    it('replace a blob only in the version that was read', async () => {
      const blob = container.getBlockBlobClient('a');
      const next = await blob.upload('second', 6, { conditions: { ifMatch: etag } });
      expect(await refusalOf(blob.upload('third', 5, { conditions: { ifMatch: etag } }))).toMatchObject(notMet);
      expect(
        await refusalOf(blob.upload('third', 5, { conditions: { ifNoneMatch: next.etag as string } })),
      ).toMatchObject(notMet);
      expect(await bodyOf(container, 'a')).toBe('second');
    });

    it('compare a write with the time of the last change', async () => {
      const blob = container.getBlockBlobClient('a');
      expect(await refusalOf(blob.upload('x', 1, { conditions: { ifModifiedSince: future } }))).toMatchObject(notMet);
      expect(await refusalOf(blob.upload('x', 1, { conditions: { ifUnmodifiedSince: past } }))).toMatchObject(notMet);
      await blob.upload('x', 1, { conditions: { ifUnmodifiedSince: future } });
    });

    it('do not create what they expect to be there', async () => {
      const blob = container.getBlockBlobClient('b');
      expect(await refusalOf(blob.upload('x', 1, { conditions: { ifMatch: etag } }))).toMatchObject(notMet);
      expect(await blob.exists()).toBe(false);
    });

    it('guard a delete', async () => {
      const blob = container.getBlobClient('a');
      expect(await refusalOf(blob.delete({ conditions: { ifMatch: other } }))).toMatchObject(notMet);
      await blob.delete({ conditions: { ifMatch: etag } });
      expect(await blob.exists()).toBe(false);
    });

    it('refuse a write with two of them that say opposite things', async () => {
      const blob = container.getBlockBlobClient('a');
      const both = blob.upload('x', 1, { conditions: { ifMatch: etag, ifNoneMatch: other } });
      expect(await refusalOf(both)).toMatchObject({ statusCode: 400, code: 'MultipleConditionHeadersNotSupported' });
    });
  });

  describe('List Blobs', () => {
    it('shows names in order, page by page, each once', async () => {
      const names = Array.from({ length: 25 }, (_, i) => String(i + 1));
      await Promise.all(names.map(name => put(name, name)));
      const pages: string[][] = [];
      for await (const page of container.listBlobsFlat().byPage({ maxPageSize: 10 })) {
        pages.push(page.segment.blobItems.map(item => item.name));
      }
      expect(pages.map(page => page.length)).toEqual([10, 10, 5]);
      expect(pages.flat()).toEqual([...names].sort());
    });

    it('goes on from a marker under a prefix', async () => {
      for (const name of ['a/1', 'a/2', 'a/3', 'b/1']) await put(name, name);
      const first = await container.listBlobsFlat({ prefix: 'a/' }).byPage({ maxPageSize: 2 }).next();
      const continuationToken = first.value?.continuationToken as string;
      const second = await container
        .listBlobsFlat({ prefix: 'a/' })
        .byPage({ continuationToken, maxPageSize: 2 })
        .next();
      expect(second.value?.segment.blobItems.map((item: { name: string }) => item.name)).toEqual(['a/3']);
      expect(second.value?.continuationToken).toBe('');
    });

    it('shows properties, and metadata when asked', async () => {
      const { etag } = await container.getBlockBlobClient('a').upload('content', 7, {
        blobHTTPHeaders: { blobContentType: 'text/plain' },
        metadata: { expressShare: '<0.5>' },
      });
      const [plain] = await itemsIn(container);
      expect(plain?.metadata).toBeUndefined();
      const [item] = await itemsIn(container, { includeMetadata: true });
      expect(item).toMatchObject({ name: 'a', metadata: { expressShare: '<0.5>' } });
      expect(item?.properties).toMatchObject({ contentLength: 7, contentType: 'text/plain', blobType: 'BlockBlob' });
      expect(Buffer.from(item?.properties.contentMD5 ?? [])).toEqual(md5('content'));
      expect(`"${item?.properties.etag}"`).toBe(etag);
    });

    it('folds names at the delimiter', async () => {
      for (const name of ['a/1', 'a/2', 'b', 'c/1', 'd']) await put(name, name);
      const seen: string[] = [];
      for await (const page of container.listBlobsByHierarchy('/').byPage({ maxPageSize: 2 })) {
        for (const prefix of page.segment.blobPrefixes ?? []) seen.push(prefix.name);
        for (const item of page.segment.blobItems) seen.push(item.name);
      }
      expect(seen.sort()).toEqual(['a/', 'b', 'c/', 'd']);
    });

    it('sees what came and went since the last time', async () => {
      await put('a', '1');
      expect(await namesIn(container)).toEqual(['a']);
      await put('b', '1');
      expect(await namesIn(container)).toEqual(['a', 'b']);
      await container.deleteBlob('a');
      expect(await namesIn(container)).toEqual(['b']);
    });
  });

  describe('Shared Key', () => {
    it('refuses a request signed with another key', async () => {
      const stranger = new StorageSharedKeyCredential(DEVELOPMENT_ACCOUNT, randomBytes(64).toString('base64'));
      const client = new BlobServiceClient(service.url, stranger, { retryOptions: { maxTries: 1 } });
      const refusal = await refusalOf(client.getContainerClient(container.containerName).create());
      // Azurite goes on to ask for another kind of authorization and answers AuthorizationFailure.
      expect(refusal).toMatchObject({ statusCode: 403, code: ours ? 'AuthenticationFailed' : 'AuthorizationFailure' });
    });

    it('refuses a request that is not signed', async () => {
      const response = await fetch(`${container.url}?restype=container`, { method: 'DELETE' });
      expect(response.status).toBe(403);
      expect(await container.exists()).toBe(true);
    });
  });

  it('reports errors in its XML form', async () => {
    const refusal = await refusalOf(container.getBlobClient('none').download());
    expect(refusal.response?.headers.get('x-ms-error-code')).toBe('BlobNotFound');
    expect(refusal.response?.headers.get('content-type')).toContain('application/xml');
    expect(refusal.response?.bodyAsText).toMatch(/<Error>\s*<Code>BlobNotFound<\/Code>\s*<Message>/);
  });

  // On purpose different: Azurite's ETags are random, Azure's are seen to be the time of the change in ticks of 100 ns
  // since 0001-01-01. The benchmark reads write times from Azure's ETags, so this server makes them the same way.
  it.runIf(ours)('makes ETags that are the time of the change, and Last-Modified its second', async () => {
    let last = 0n;
    for (let i = 0; i < 50; i++) {
      const { etag, lastModified } = await put('a', String(i));
      const ticks = BigInt((etag as string).slice(1, -1));
      expect(ticks).toBeGreaterThan(last);
      last = ticks;
      const seconds = ticks / 10_000_000n - 62_135_596_800n;
      expect(seconds * 1000n).toBe(BigInt((lastModified as Date).getTime()));
    }
  });
});

function md5(content: string): Buffer {
  return createHash('md5').update(content).digest();
}

async function refusalOf(request: Promise<unknown>): Promise<RestError> {
  const outcome = await request.then(
    () => 'it was accepted',
    (error: unknown) => error,
  );
  if (outcome instanceof RestError) return outcome;
  throw new Error('expected a refusal by the service', { cause: outcome });
}

async function textOf(stream: NodeJS.ReadableStream | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

async function bodyOf(container: ContainerClient, name: string): Promise<string> {
  return textOf((await container.getBlobClient(name).download()).readableStreamBody);
}

async function itemsIn(container: ContainerClient, options: { includeMetadata?: boolean } = {}) {
  const items = [];
  for await (const item of container.listBlobsFlat(options)) items.push(item);
  return items;
}

async function namesIn(container: ContainerClient): Promise<string[]> {
  return (await itemsIn(container)).map(item => item.name);
}
