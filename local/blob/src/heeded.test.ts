import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BlobServer, startBlobServer } from './blob-server.js';
import { md5Of } from './content-md5.js';
import { crc64Of } from './crc64.js';
import { DEVELOPMENT_ACCOUNT } from './development-account.js';
import { type RawAnswer, sendSigned } from './signed-request.js';

const HTTP_DATE = 'Wed, 09 Sep 2009 09:20:02 GMT';
const BLOCK_BLOB = ['x-ms-blob-type', 'BlockBlob'];
const CONTENT = 'content';

let server: BlobServer;

beforeAll(async () => {
  server = await startBlobServer();
  expect((await send('PUT', '/box?restype=container')).status).toBe(201);
  expect((await send('PUT', '/box/a', BLOCK_BLOB)).status).toBe(201);
});
afterAll(() => server.close());

describe('what the service knows and this server does not have is answered with 501, and has no effect:', () => {
  const PUT_HEADERS = [
    ...[...BLOCK_BLOB, 'x-ms-access-tier', 'Cool'],
    ...['x-ms-encryption-scope', 'scope', 'x-ms-encryption-algorithm', 'AES256', 'x-ms-encryption-key-sha256', 'AA=='],
    ...['x-ms-legal-hold', 'true', 'x-ms-immutability-policy-mode', 'Locked'],
    ...['x-ms-immutability-policy-until-date', HTTP_DATE, 'x-ms-tags', 'a=b', 'x-ms-if-tags', '"a"=\'b\''],
    ...['x-ms-lease-id', '6aa4ac2b-7c0d-4f1c-9f0e-2a3b4c5d6e7f', 'x-ms-copy-source', 'http://127.0.0.1/a'],
    ...['x-ms-structured-body', 'XSM/1.0; properties=crc64', 'x-ms-expiry-time', '1', 'x-ms-expiry-option', 'Absolute'],
    ...['x-ms-blob-content-length', '512', 'x-ms-seal-blob', 'true', 'x-ms-rehydrate-priority', 'High'],
    ...['x-ms-source-if-match', '*', 'x-ms-something-of-next-year', '1', 'Range', 'bytes=0-1', 'If-Range', '"0x8"'],
  ];
  const others = pairs(PUT_HEADERS).slice(1);

  it.each(others)('Put Blob with %s', async (name, value) => {
    expect(await send('PUT', '/box/b', [...BLOCK_BLOB, name, value])).toMatchObject(notImplemented(name));
    expect((await send('HEAD', '/box/b')).status).toBe(404);
  });

  it.each<[method: string, path: string, name: string, value: string]>([
    ['GET', '/box/a', 'x-ms-range-get-content-crc64', 'true'],
    ['GET', '/box/a', 'x-ms-lease-id', 'x'],
    ['GET', '/box/a', 'x-ms-if-tags', 'x'],
    ['GET', '/box/a', 'x-ms-encryption-key', 'x'],
    ['GET', '/box/a', 'If-Range', '"0x8"'],
    ['GET', '/box/a', 'x-ms-meta-a', 'x'],
    ['HEAD', '/box/a', 'x-ms-range', 'bytes=0-1'],
    ['DELETE', '/box/a', 'x-ms-lease-id', 'x'],
    ['DELETE', '/box/a', 'x-ms-if-tags', 'x'],
    ['DELETE', '/box/a', 'x-ms-delete-snapshots', 'only'],
    ['PUT', '/box/a?comp=metadata', 'x-ms-encryption-scope', 'x'],
    ['PUT', '/more?restype=container', 'x-ms-blob-public-access', 'blob'],
    ['PUT', '/more?restype=container', 'x-ms-default-encryption-scope', 'x'],
    ['PUT', '/more?restype=container', 'x-ms-deny-encryption-scope-override', 'true'],
    ['PUT', '/more?restype=container', 'If-None-Match', '*'],
    ['GET', '/box?restype=container', 'x-ms-lease-id', 'x'],
    ['GET', '/box?restype=container', 'If-Match', '"0x8"'],
    ['DELETE', '/box?restype=container', 'x-ms-lease-id', 'x'],
    ['GET', '/box?restype=container&comp=list', 'If-Modified-Since', HTTP_DATE],
    ['GET', '/?comp=list', 'x-ms-lease-id', 'x'],
  ])('%s %s with %s: %s', async (method, path, name, value) => {
    const { status, headers } = await send(method, path, [name, value]);
    expect([status, headers['x-ms-error-code']]).toEqual([501, 'NotImplemented']);
    expect((await send('HEAD', '/box/a')).status).toBe(200);
    expect((await send('HEAD', '/more?restype=container')).status).toBe(404);
  });

  it.each([
    ['PUT', '/box/b?restype=container'],
    ['PUT', '/box/b?rmdir=1'],
    ['GET', '/box/a?versionid=2024-01-01T00:00:00.0000000Z'],
    ['GET', '/box/a?something=else'],
    ['HEAD', '/box/a?comp=metadata'],
    ['DELETE', '/box/a?deletetype=permanent'],
    ['PUT', '/box/a?comp='],
    ['GET', '/box?restype=container&comp=DELETE'],
    ['DELETE', '/box?restype=container&comp=GET'],
    ['GET', '/more?restype=container&comp=PUT'],
    ['GET', '/box?restype=container&prefix=a'],
    ['GET', '/box?restype=container&comp=list&showonly=deleted'],
    ['GET', '/box?restype=container&comp=list&startfrom=a'],
    ['GET', '/?comp=list&delimiter=/'],
    ['GET', '/?comp=list&restype=service'],
  ])('%s %s', async (method, path) => {
    const { status, headers } = await send(method, path, method === 'PUT' ? BLOCK_BLOB : []);
    expect([status, headers['x-ms-error-code']]).toEqual([501, 'NotImplemented']);
    expect((await send('HEAD', '/box/a')).status).toBe(200);
    for (const absent of ['/box/b', '/more?restype=container']) expect((await send('HEAD', absent)).status).toBe(404);
  });
});

describe('what is no value of its header or parameter is refused:', () => {
  it.each<[path: string, code: string]>([
    ['/box?restype=container&comp=list&marker=invalid!!', 'InvalidQueryParameterValue'],
    ['/box?restype=container&comp=list&marker=____', 'InvalidQueryParameterValue'],
    ['/box?restype=container&comp=list&marker=YQ&prefix=b', 'InvalidQueryParameterValue'],
    ['/box?restype=container&comp=list&maxresults=abc', 'InvalidQueryParameterValue'],
    ['/box?restype=container&comp=list&maxresults=', 'InvalidQueryParameterValue'],
    ['/box?restype=container&comp=list&maxresults=1e3', 'InvalidQueryParameterValue'],
    ['/box?restype=container&comp=list&maxresults=0', 'OutOfRangeQueryParameterValue'],
    ['/box?restype=container&comp=list&maxresults=-1', 'OutOfRangeQueryParameterValue'],
    ['/box?restype=container&comp=list&include=metadata,everything', 'InvalidQueryParameterValue'],
    ['/box?restype=container&comp=list&include=permissions', 'InvalidQueryParameterValue'],
    ['/box?restype=container&comp=list&timeout=soon', 'InvalidQueryParameterValue'],
    ['/box?restype=container&comp=list&prefix=a&prefix=b', 'InvalidQueryParameterValue'],
    ['/?comp=list&marker=!', 'InvalidQueryParameterValue'],
    ['/?comp=list&include=snapshots', 'InvalidQueryParameterValue'],
  ])('GET %s: %s', async (path, code) => {
    expect(await send('GET', path)).toMatchObject({ status: 400, headers: { 'x-ms-error-code': code } });
  });

  it.each<[method: string, name: string, value: string, code: string]>([
    ['PUT', 'x-ms-content-crc64', crc64Of(Buffer.from('context')), 'Crc64Mismatch'],
    ['PUT', 'x-ms-content-crc64', 'AAAA', 'InvalidHeaderValue'],
    ['PUT', 'x-ms-blob-type', 'blockblob', 'InvalidHeaderValue'],
    ['PUT', 'x-ms-version', 'the newest', 'InvalidHeaderValue'],
    ['GET', 'If-Match', '', 'InvalidHeaderValue'],
    ['GET', 'If-Modified-Since', '1', 'InvalidHeaderValue'],
    ['GET', 'If-Unmodified-Since', '2099-01-01', 'InvalidHeaderValue'],
    ['GET', 'If-Unmodified-Since', 'Wed, 99 Sep 2009 09:20:02 GMT', 'InvalidHeaderValue'],
    ['GET', 'x-ms-range-get-content-md5', 'true', 'InvalidHeaderValue'],
    ['GET', 'x-ms-range-get-content-md5', 'yes', 'InvalidHeaderValue'],
    ['GET', 'x-ms-range', 'bytes=-1', 'InvalidHeaderValue'],
    ['DELETE', 'x-ms-delete-snapshots', 'all', 'InvalidHeaderValue'],
  ])('%s with %s: %s', async (method, name, value, code) => {
    const headers = [...(method === 'PUT' && name !== 'x-ms-blob-type' ? BLOCK_BLOB : []), name, value];
    const answer = await send(method, '/box/a', headers, method === 'PUT' ? CONTENT : '');
    expect(answer).toMatchObject({ status: 400, headers: { 'x-ms-error-code': code } });
    expect((await send('GET', '/box/a')).text).toBe('');
  });

  it('a content with an MD5 and a CRC64', async () => {
    const sums = ['Content-MD5', md5Of(Buffer.from(CONTENT)), 'x-ms-content-crc64', crc64Of(Buffer.from(CONTENT))];
    const code = 'BothCrc64AndMd5HeaderPresent';
    expect(await send('PUT', '/box/a', [...BLOCK_BLOB, ...sums], CONTENT)).toMatchObject({
      status: 400,
      headers: { 'x-ms-error-code': code },
    });
  });

  it('an MD5 that is not the base64 of 16 bytes, though most readers would take it', async () => {
    const unpadded = md5Of(Buffer.from(CONTENT)).replace(/=+$/, '');
    for (const name of ['Content-MD5', 'x-ms-blob-content-md5']) {
      const answer = await send('PUT', '/box/a', [...BLOCK_BLOB, name, unpadded], CONTENT);
      expect(answer).toMatchObject(refused('InvalidMd5'));
    }
  });

  it('a name of more than 1,024 characters or 254 segments', async () => {
    const put = (name: string) => send('PUT', `/box/${encodeURI(name)}`, BLOCK_BLOB);
    expect((await put('ä'.repeat(1024))).status).toBe(201);
    expect(await put('ä'.repeat(1025))).toMatchObject(refused('OutOfRangeInput'));
    expect((await put(Array(254).fill('a').join('/'))).status).toBe(201);
    expect(await put(Array(255).fill('a').join('/'))).toMatchObject(refused('OutOfRangeInput'));
  });

  it('metadata with a name twice, or of more than 8 KiB', async () => {
    const put = (headers: readonly string[]) => send('PUT', '/box/a', [...BLOCK_BLOB, ...headers]);
    expect(await put(['x-ms-meta-a', '1', 'x-ms-meta-A', '2'])).toMatchObject(refused('InvalidMetadata'));
    expect(await put(['x-ms-meta-a', '1', 'x-ms-meta-b', 'x'.repeat(8190)])).toMatchObject(refused('MetadataTooLarge'));
    expect((await put(['x-ms-meta-a', '1', 'x-ms-meta-b', 'x'.repeat(8189)])).status).toBe(201);
  });
});

describe('what it has, it does:', () => {
  it('stores a content whose CRC64 is stated, and answers with it', async () => {
    const crc64 = crc64Of(Buffer.from(CONTENT));
    const answer = await send('PUT', '/box/crc', [...BLOCK_BLOB, 'x-ms-content-crc64', crc64], CONTENT);
    expect(answer).toMatchObject({ status: 201, headers: { 'x-ms-content-crc64': crc64 } });
    expect((await send('GET', '/box/crc')).text).toBe(CONTENT);
  });

  it('takes a timeout, the largest page there is, and what a listing may include', async () => {
    const query = 'restype=container&comp=list&timeout=30&maxresults=99999&include=metadata,snapshots,versions,tags';
    expect((await send('GET', `/box?${query}`)).status).toBe(200);
    expect((await send('GET', '/?comp=list&include=deleted,system,metadata')).status).toBe(200);
  });

  it('deletes a blob with its snapshots, of which there are none', async () => {
    await send('PUT', '/box/c', BLOCK_BLOB);
    expect((await send('DELETE', '/box/c', ['x-ms-delete-snapshots', 'include'])).status).toBe(202);
    expect((await send('HEAD', '/box/c')).status).toBe(404);
  });
});

it('lists every blob under its own name, whatever characters it has', async () => {
  const names = [
    ...['a\rb', '\r\n', '\n', '\t', 'a&#13;b', '&amp;lt;', '%0D', '+ +', '\u0000', '\u001f', '\u007f\u0085'],
    ...['\u2028', '\ufffe', '\uffff', '\ufffd', '\u{1f9fe}', ']]>', '<![CDATA[', '"\'<>', ' a ', 'ä\r/ö'],
  ];
  const service = BlobServiceClient.fromConnectionString(server.connectionString);
  const container = service.getContainerClient('names');
  await container.create();
  for (const name of names) await container.getBlockBlobClient(name).upload(name, Buffer.byteLength(name));
  const listed: string[] = [];
  for await (const { name } of container.listBlobsFlat()) listed.push(name);
  expect(listed.sort()).toEqual([...names].sort());
  const folded: string[] = [];
  for await (const item of container.listBlobsByHierarchy('/')) folded.push(item.name);
  expect(folded.sort()).toEqual(names.map(name => name.replace('/ö', '/')).sort());
});

it.each(['\r', '\u0007'])('keeps a listing under a prefix with %j well-formed', async prefix => {
  const { text } = await send('GET', `/box?restype=container&comp=list&prefix=${encodeURIComponent(prefix)}`);
  expect(text).toContain(`<Prefix>${prefix === '\r' ? '&#13;' : '\ufffd'}</Prefix>`);
});

function send(method: string, path: string, headers: readonly string[] = [], body = ''): Promise<RawAnswer> {
  return sendSigned({ method, path: `/${DEVELOPMENT_ACCOUNT}${path}`, headers, body }, { port: server.port });
}

function refused(code: string) {
  return { status: 400, headers: { 'x-ms-error-code': code } };
}

function notImplemented(header: string) {
  return {
    status: 501,
    headers: { 'x-ms-error-code': 'NotImplemented' },
    text: expect.stringContaining(`The header ${header.toLowerCase()}.`),
  };
}

function pairs(headers: readonly string[]): [name: string, value: string][] {
  return headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : []));
}
