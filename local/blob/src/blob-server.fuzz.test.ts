import { Agent } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type BlobServer, startBlobServer } from './blob-server.js';
import { DEVELOPMENT_ACCOUNT } from './development-account.js';
import { type RawRequest, sendSigned } from './signed-request.js';

/*
 * Requests put together at random from the pieces of real ones and from pieces that are wrong, and signed, for what is
 * not signed gets no further than its signature. Not guided by what they reach in the code. FUZZ_RUNS makes it longer,
 * FUZZ_SEED another one.
 */

const fuzzing = { seed: Number(process.env.FUZZ_SEED ?? 1), numRuns: Number(process.env.FUZZ_RUNS ?? 1000) };

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const stderr = vi.spyOn(process.stderr, 'write');
let server: BlobServer;

function send(sent: RawRequest) {
  return sendSigned(sent, { port: server.port, agent });
}

beforeAll(async () => {
  server = await startBlobServer();
  await send(MAKE_BOX);
});
afterAll(async () => {
  agent.destroy();
  await server.close();
});

it('answers whatever comes as the service would, and never by a failure', {
  timeout: 30_000 + 20 * fuzzing.numRuns,
}, async () => {
  const reached = new Set<number>();
  await fc.assert(
    fc.asyncProperty(requests(), async sent => {
      const { status, headers } = await send(sent);
      reached.add(status);
      if (status === 202) await send(MAKE_BOX); // It may have been the one that was deleted.
      expect(STATUSES).toContain(status);
      expect(headers['x-ms-request-id']).toBeTruthy();
      expect(stderr.mock.calls.filter(([line]) => String(line).startsWith('blob server: '))).toEqual([]);
    }),
    fuzzing,
  );
  // It is no fuzzing of the way in alone.
  expect([...reached]).toEqual(expect.arrayContaining([200, 201, 202, 400, 404, 409, 412]));
  const container = await fetch(`http://127.0.0.1:${server.httpPort}/containers`);
  expect(container.status).toBe(200);
});

const MAKE_BOX = { method: 'PUT', path: `/${DEVELOPMENT_ACCOUNT}/box?restype=container`, headers: [], body: '' };

/** Every status of `storage-error.ts` but 500, and those of success. */
const STATUSES = [200, 201, 202, 206, 304, 400, 403, 404, 405, 409, 411, 412, 413, 416, 501];

const DATE = new Date().toUTCString();

function requests(): fc.Arbitrary<RawRequest> {
  const method = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('PUT', 'GET', 'DELETE', 'HEAD') },
    fc.constantFrom('POST', 'PATCH', 'OPTIONS'),
  );
  const name = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('box', 'a', 'b', '1') },
    fc.constantFrom(
      '..',
      '.',
      '',
      '%2e%2e',
      '%00',
      '%ff',
      '%',
      'a%2Fb',
      'a/b/',
      '%F0%9F%98%80',
      'x'.repeat(1100),
      '$root',
      '--',
    ),
    fc.string({ maxLength: 6 }).map(encodeURIComponent),
  );
  const container = fc.oneof({ weight: 6, arbitrary: fc.constant('box') }, name);
  const parameter = fc.oneof(
    fc.constantFrom(
      'comp=list',
      'comp=metadata',
      'comp=block',
      'comp=%00',
      'include=metadata',
      'delimiter=/',
      'delimiter=',
    ),
    fc.constantFrom(
      'maxresults=1',
      'maxresults=0',
      'maxresults=1e3',
      'marker=YQ',
      'marker=%ff',
      'marker=____',
      'prefix=a',
      'prefix=%',
    ),
    fc.constantFrom('snapshot=x', '=', '&', '%', 'restype', 'COMP=list', 'comp=list&comp=metadata', '__proto__=1'),
  );
  // Most requests have none of what is refused before anything else is looked at.
  const query = fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(parameter, { maxLength: 3 }).map(more => ['restype=container', ...more]) },
    fc.array(parameter, { maxLength: 3 }),
  );
  const level = fc.constantFrom(1, 2, 2, 2);
  const path = fc.tuple(level, container, name, query).map(([parts, box, blob, pairs]) => {
    const names = parts === 1 ? [box] : [box, blob];
    return `/${[DEVELOPMENT_ACCOUNT, ...names].join('/')}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
  });
  const value = fc.oneof(
    fc.constantFrom(
      '*',
      '"0x8"',
      '0x8',
      '"a","b"',
      'bytes=0-1',
      'bytes=5-',
      'bytes=2-1',
      'bytes=-1',
      'true',
      '',
      '-1',
      'é',
    ),
    fc.constantFrom(
      DATE,
      new Date(0).toUTCString(),
      'yesterday',
      '2023-11-03',
      '1999-01-01',
      'BlockBlob',
      'PageBlob',
      'AAAA',
    ),
    fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map(code => String.fromCharCode(code)), maxLength: 8 }),
  );
  const header = fc.tuple(fc.constantFrom(...HEADERS), value);
  const headers = fc.tuple(fc.boolean(), fc.array(header, { maxLength: 2 })).map(([isBlockBlob, pairs]) => {
    return [...(isBlockBlob ? ['x-ms-blob-type', 'BlockBlob'] : []), ...pairs.flat()];
  });
  return fc.record({ method, path, headers, body: fc.string({ maxLength: 20 }) });
}

const HEADERS = [
  ...['If-Match', 'If-None-Match', 'If-Modified-Since', 'If-Unmodified-Since', 'Range', 'x-ms-range', 'Content-MD5'],
  ...[
    'x-ms-version',
    'x-ms-blob-type',
    'x-ms-blob-content-type',
    'Content-Type',
    'x-ms-blob-content-md5',
    'x-ms-meta-a',
  ],
  ...[
    'X-Ms-Meta-A',
    'x-ms-meta-1',
    'x-ms-meta-',
    'x-ms-client-request-id',
    'x-ms-range-get-content-md5',
    'Content-Encoding',
  ],
  ...['x-ms-lease-id', 'x-ms-copy-source', 'Upgrade', '__proto__'],
];
