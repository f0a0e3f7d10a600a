import { createHmac } from 'node:crypto';
import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** Where the front listens, and what stands behind it. */
export interface AzureFrontOptions {
  readonly host: string;
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  /** AMQP without TLS. */
  readonly brokerPort: number;
  /** The blob server, which takes the emulators' addresses: the account is the first part of the path. */
  readonly blobPort: number;
  readonly account: string;
  /** Of the account, in base64. */
  readonly accountKey: string;
}

/** Azure's own ports. */
const HTTPS_PORT = 443;
const AMQPS_PORT = 5671;
const BEHIND = '127.0.0.1';

/**
 * Stands before the rig's broker and blob server as Azure does, so that clients need no setting that Azure would not: AMQP
 * and the Blob REST API over TLS, the account as the host's name. What a client signed is signed anew, for the path is
 * part of what is signed (Shared Key, "Authorize with Shared Key", learn.microsoft.com).
 */
export async function startAzureFront(options: AzureFrontOptions): Promise<void> {
  const { host, certificate: cert, key, brokerPort } = options;
  const agent = new Agent({ keepAlive: true });
  const blobs = createServer({ cert, key }, (asked, answer) => forward({ asked, answer, agent, options }));
  const amqp = createTlsServer({ cert, key }, client => {
    const broker = connect(brokerPort, BEHIND);
    join(client, broker);
  });
  await new Promise<void>(resolve => blobs.listen(HTTPS_PORT, host, resolve));
  await new Promise<void>(resolve => amqp.listen(AMQPS_PORT, host, resolve));
}

/**
 * Makes a container of the account, as Terraform does on Azure.
 *
 * @throws Error with the blob server's answer when it refuses; one that is there already is content.
 */
export async function makeContainer(name: string, options: AzureFrontOptions): Promise<void> {
  const path = `/${options.account}/${name}`;
  const headers = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2021-08-06' };
  const searchParams = new URLSearchParams({ restype: 'container' });
  const authorization = sharedKey({ method: 'PUT', headers, path, searchParams }, options);
  const url = `http://${BEHIND}:${options.blobPort}${path}?${searchParams}`;
  const { ok, status } = await fetch(url, { method: 'PUT', headers: { ...headers, authorization } });
  if (!ok && status !== CONFLICT) throw new Error(`the container ${name} can't be made: HTTP ${status}`);
}

const CONFLICT = 409;

interface Forwarding {
  readonly asked: IncomingMessage;
  readonly answer: ServerResponse;
  readonly agent: Agent;
  readonly options: AzureFrontOptions;
}

function forward({ asked, answer, agent, options }: Forwarding): void {
  const { account, blobPort } = options;
  const { pathname, search, searchParams } = new URL(asked.url ?? '/', 'https://account');
  const path = `/${account}${pathname}`;
  const authorization = sharedKey(
    { method: asked.method ?? 'GET', headers: asked.headers, path, searchParams },
    options,
  );
  const headers = { ...asked.headers, host: `${BEHIND}:${blobPort}`, authorization };
  const behind = request({ host: BEHIND, port: blobPort, path: path + search, method: asked.method, headers, agent });
  behind.on('response', response => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  behind.on('error', error => answer.writeHead(502).end(String(error)));
  asked.pipe(behind);
}

interface Signed {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
  readonly searchParams: URLSearchParams;
}

/** The headers that are signed, in order; of a length of 0 nothing is. */
const SIGNED = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
];

function sharedKey(
  { method, headers, path, searchParams }: Signed,
  { account, accountKey }: Pick<AzureFrontOptions, 'account' | 'accountKey'>,
): string {
  const plain = SIGNED.map(name => {
    if (name === 'date' && headers['x-ms-date'] !== undefined) return '';
    const value = headers[name] ?? '';
    return name === 'content-length' && value === '0' ? '' : value;
  });
  const ours = Object.keys(headers).filter(name => name.startsWith('x-ms-'));
  const text = [
    method,
    ...plain,
    ...ours.sort().map(name => `${name}:${headers[name]}`),
    `/${account}${path}`,
    ...[...searchParams.keys()].sort().map(name => `${name.toLowerCase()}:${searchParams.get(name)}`),
  ].join('\n');
  const digest = createHmac('sha256', Buffer.from(accountKey, 'base64')).update(text, 'utf8').digest('base64');
  return `SharedKey ${account}:${digest}`;
}

/** Whatever happens to one end happens to the other. */
function join(one: Socket, other: Socket): void {
  for (const socket of [one, other]) {
    socket.setNoDelay(true);
    socket.on('error', () => {
      one.destroy();
      other.destroy();
    });
  }
  one.pipe(other).pipe(one);
}
