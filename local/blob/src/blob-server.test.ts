import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { BlobServiceClient, type ContainerClient, RestError } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BlobServer, startBlobServer } from './blob-server.js';

describe('the blob server', () => {
  let server: BlobServer;
  let container: ContainerClient;
  let nowMs = 0;

  beforeAll(async () => {
    nowMs = Date.now();
    server = await startBlobServer({ now: () => nowMs });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    container = clientOf(server).getContainerClient(`box-${randomUUID()}`);
    await container.create();
  });

  const put = (name: string, body: string) => container.getBlockBlobClient(name).upload(body, Buffer.byteLength(body));

  it('gives each change an ETag of its own even while its clock stands still', async () => {
    const etags = new Set<string | undefined>();
    for (let i = 0; i < 20; i++) etags.add((await put('a', 'same')).etag);
    expect(etags.size).toBe(20);
  });

  it('refuses a range that starts exactly at the end', async () => {
    // Azurite answers this with an empty 206, so it is not in the contract suite.
    await put('a', '0123456789');
    const refusal = await container
      .getBlobClient('a')
      .download(10, 5)
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ statusCode: 416, code: 'InvalidRange' });
  });

  it('says clearly that it takes no uploads in blocks', async () => {
    const staged = container.getBlockBlobClient('a').stageBlock('AAAA', 'x', 1);
    const refusal = await staged.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RestError);
    expect(refusal).toMatchObject({ statusCode: 501, code: 'NotImplemented' });
    expect((refusal as Error).message).toContain('Upload in one Put Blob.');
  });

  it('refuses features it lacks instead of ignoring them', async () => {
    await put('a', '1');
    const snapshot = container.getBlobClient('a').withSnapshot('2024-01-01T00:00:00.0000000Z').download();
    await expect(snapshot).rejects.toMatchObject({ statusCode: 501, code: 'NotImplemented' });
    const page = container.getPageBlobClient('b').create(512);
    await expect(page).rejects.toMatchObject({ statusCode: 501, code: 'NotImplemented' });
  });

  it('refuses a body over its limit before reading it', async () => {
    const upload = container.getBlockBlobClient('huge').upload(() => unfinished(), 256 * 1024 * 1024 + 1);
    await expect(upload).rejects.toMatchObject({ statusCode: 413, code: 'RequestBodyTooLarge' });
  });

  it.each(['port', 'httpPort'] as const)(
    'refuses what is sent to the name of another machine, on its %s',
    async port => {
      const sent = get(`http://127.0.0.1:${server[port]}/healthz`, { headers: { host: 'evil.example' } });
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      expect(response.resume().statusCode).toBe(421);
    },
  );

  it('has the containers that it was started with', async () => {
    const made = await startBlobServer({ containers: ['express-outbox'] });
    await clientOf(made).getContainerClient('express-outbox').getBlockBlobClient('1').upload('{}', 2);
    await made.close();
    await expect(startBlobServer({ containers: ['No Name'] })).rejects.toMatchObject({ code: 'InvalidResourceName' });
  });

  it('answers to the name that it was given', async () => {
    const named = await startBlobServer({ hostName: 'blob.example' });
    for (const [host, status] of [['blob.example', 200] as const, ['evil.example', 421] as const]) {
      const sent = get(`http://127.0.0.1:${named.httpPort}/healthz`, { headers: { host } });
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      expect(response.resume().statusCode).toBe(status);
    }
    await named.close();
  });

  it('survives a client that leaves in the middle of its upload, and stores nothing of it', async () => {
    const blob = container.getBlockBlobClient('half');
    const abort = new AbortController();
    const body = unfinished(() => abort.abort());
    await expect(blob.upload(() => body, 1000, { abortSignal: abort.signal })).rejects.toThrow('aborted');
    expect(await blob.exists()).toBe(false);
  });

  it('marks names that XML cannot hold in a listing', async () => {
    await put('bell\u0007', '1');
    const names = [];
    for await (const item of container.listBlobsFlat()) names.push(item.name);
    expect(names).toEqual(['bell\u0007']);
  });

  describe('its admin endpoint', () => {
    const read = async (path: string, method = 'GET') => {
      const response = await fetch(`http://127.0.0.1:${server.httpPort}${path}`, { method });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };

    it('is healthy', async () => {
      expect(await read('/healthz')).toMatchObject({ status: 200 });
    });

    it('tells Prometheus of blobs, bytes and writes of each container, as they are when it asks', async () => {
      const scrape = async () => {
        const response = await fetch(`http://127.0.0.1:${server.httpPort}/metrics`);
        expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
        return (await response.text()).split('\n');
      };
      const labels = `{container="${container.containerName}"}`;
      expect(await scrape()).toContain(`order_bench_container_blobs${labels} 0`);
      await put('a', '123');
      await put('a', '12345');
      const lines = await scrape();
      expect(lines).toContain('# TYPE order_bench_container_writes_total counter');
      expect(lines).toContain(`order_bench_container_blobs${labels} 1`);
      expect(lines).toContain(`order_bench_container_size_bytes${labels} 5`);
      expect(lines).toContain(`order_bench_container_writes_total${labels} 2`);
      expect(lines.filter(line => line.startsWith('process_cpu_seconds_total '))).toHaveLength(1);
    });

    it('counts blobs, bytes and writes of each container', async () => {
      await put('a', '123');
      await put('a', '12345');
      await put('b', '1');
      await container.deleteBlob('b');
      const { body } = await read('/containers');
      expect(body.containers).toContainEqual({ name: container.containerName, blobs: 1, sizeBytes: 5, writes: 3 });
    });

    it('knows when each blob was first and last written', async () => {
      nowMs += 1000;
      const firstMs = nowMs;
      const { contentMD5 } = await put('a', '1');
      nowMs += 250.125;
      await put('a', '1');
      const { body } = await read(`/containers/${container.containerName}/writes`);
      expect(body.writes).toEqual([
        {
          name: 'a',
          sizeBytes: 1,
          contentMd5: Buffer.from(contentMD5 ?? []).toString('base64'),
          firstWrittenAtMs: firstMs,
          lastWrittenAtMs: firstMs + 250.125,
          writes: 2,
        },
      ]);
    });

    it('does not take a change of metadata for a write', async () => {
      await put('a', '1');
      const writtenAtMs = nowMs;
      nowMs += 1000;
      await container.getBlobClient('a').setMetadata({ seen: '1' });
      const { body } = await read(`/containers/${container.containerName}/writes`);
      expect(body.writes).toMatchObject([{ lastWrittenAtMs: writtenAtMs, writes: 1 }]);
    });

    it('empties a container and starts its counts again', async () => {
      await put('a', '1');
      expect(await read(`/containers/${container.containerName}/blobs`, 'DELETE')).toMatchObject({
        status: 200,
        body: { blobs: 0, sizeBytes: 0, writes: 0 },
      });
      expect(await container.getBlobClient('a').exists()).toBe(false);
      await put('a', '2');
      expect((await read('/containers')).body.containers).toContainEqual({
        name: container.containerName,
        blobs: 1,
        sizeBytes: 1,
        writes: 1,
      });
    });

    it.each([
      ['GET', '/containers/none/writes'],
      ['DELETE', '/containers/none/blobs'],
      ['GET', '/elsewhere'],
    ])('answers 404 to %s %s', async (method, path) => {
      expect((await read(path, method)).status).toBe(404);
    });
  });

  it('adds its latency before an operation takes effect', async () => {
    const slow = await startBlobServer({ latencyMs: 40 });
    try {
      const startedAt = performance.now();
      await clientOf(slow).createContainer('box');
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39);
    } finally {
      await slow.close();
    }
  });

  it('names the port it cannot have', async () => {
    await expect(startBlobServer({ port: server.port })).rejects.toThrow(
      `cannot listen on port ${server.port} of 127.0.0.1: it is in use`,
    );
    await expect(startBlobServer({ httpPort: server.httpPort })).rejects.toThrow('it is in use');
  });

  it('drops its connections when it closes', async () => {
    const short = await startBlobServer();
    const socket = connect({ port: short.port, host: '127.0.0.1' });
    const closed = new Promise(resolve => socket.once('close', resolve));
    await new Promise(resolve => socket.once('connect', resolve));
    await short.close();
    await closed;
    await expect(fetch(`http://127.0.0.1:${short.httpPort}/healthz`)).rejects.toThrow();
  });
});

function clientOf(server: BlobServer): BlobServiceClient {
  return BlobServiceClient.fromConnectionString(server.connectionString, { retryOptions: { maxTries: 1 } });
}

/** A body that begins and never ends; `wanted` is called when more of it is asked for. */
function unfinished(wanted: () => void = () => {}): Readable {
  let begun = false;
  return new Readable({
    read() {
      if (begun) wanted();
      else this.push('the first bytes');
      begun = true;
    },
  });
}
