import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type BlobServer, startBlobServer } from './blob-server.js';
import type { Fault } from './faults.js';

describe('a blob server with faults', () => {
  let server: BlobServer;
  let container: ContainerClient;

  beforeAll(async () => {
    server = await startBlobServer({ faults: true });
    const impatient = { retryOptions: { maxTries: 1 } };
    container = BlobServiceClient.fromConnectionString(server.connectionString, impatient).getContainerClient('box');
    await container.create();
  });
  afterEach(() => ask(server, 'DELETE'));
  afterAll(() => server.close());

  const put = (name: string) => container.getBlockBlobClient(name).upload(name, name.length);
  const stored = async () => (await containers(server)).find(({ name }) => name === 'box')?.writes;

  it.each([
    [500, 'InternalError'],
    [503, 'ServerBusy'],
  ] as const)('answers %i on demand, and nothing takes effect', async (status, code) => {
    const before = await stored();
    await ask(server, 'PUT', { kind: 'refuse', status });
    await expect(put('refused')).rejects.toMatchObject({ statusCode: status, code });
    expect(await stored()).toBe(before);
  });

  it('answers half a body on demand, and the write took effect', async () => {
    const before = (await stored()) ?? 0;
    await ask(server, 'PUT', { kind: 'half-answer' });
    await expect(put('half')).rejects.toThrow();
    expect(await stored()).toBe(before + 1);
  });

  it('answers late on demand', async () => {
    const before = await stored();
    await ask(server, 'PUT', { kind: 'slow', delayMs: 3_600_000 });
    const abort = new AbortController();
    const late = container.getBlockBlobClient('late').upload('x', 1, { abortSignal: abort.signal });
    // A request of the admin endpoint comes back meanwhile.
    expect(await stored()).toBe(before);
    abort.abort();
    await expect(late).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is gone on demand, and comes back with what was stored', async () => {
    await put('kept');
    const before = await stored();
    await ask(server, 'PUT', { kind: 'outage' });
    await expect(put('lost')).rejects.toThrow();
    expect(await stored()).toBe(before);
    await ask(server, 'DELETE');
    expect((await container.getBlobClient('kept').downloadToBuffer()).toString()).toBe('kept');
  });

  it('refuses what is no fault', async () => {
    for (const fault of [{ kind: 'tired' }, { kind: 'refuse', status: 404 }, { kind: 'slow', delayMs: -1 }, null]) {
      expect((await ask(server, 'PUT', fault as Fault)).status).toBe(400);
    }
  });
});

describe('a blob server without faults', () => {
  it('has no way to make it fail', async () => {
    const server = await startBlobServer();
    expect((await ask(server, 'PUT', { kind: 'outage' })).status).toBe(404);
    expect((await ask(server, 'DELETE')).status).toBe(404);
    await server.close();
  });
});

function ask({ httpPort }: BlobServer, method: 'PUT' | 'DELETE', fault?: Fault): Promise<Response> {
  const body = fault === undefined ? {} : { body: JSON.stringify(fault) };
  return fetch(`http://127.0.0.1:${httpPort}/fault`, { method, ...body });
}

async function containers({ httpPort }: BlobServer): Promise<{ name: string; writes: number }[]> {
  const response = await fetch(`http://127.0.0.1:${httpPort}/containers`);
  return ((await response.json()) as { containers: { name: string; writes: number }[] }).containers;
}
