import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type Agent, type IncomingMessage, request } from 'node:http';
import { DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from './development-account.js';

/** A request of the Blob REST API as it stands, so that it may be one that no SDK would send. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** Names and values, one behind the other. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** What came of it. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/**
 * For tests: sends a request with its signature. It is sent twice, for to its first try the server says what it would
 * have had to sign.
 */
export async function sendSigned(sent: RawRequest, to: { port: number; agent?: Agent }): Promise<RawAnswer> {
  const isHead = sent.method === 'HEAD';
  const unsigned = await exchange(isHead ? { ...sent, method: 'GET' } : sent, { ...to, signature: 'AAAA' });
  const told = /The server signed: (".*")\.\n/.exec(unsigned.text.replace(/&(quot|amp|lt|gt);/g, unescapeXml))?.[1];
  if (told === undefined) return unsigned;
  // A HEAD is told nothing, for its answer has no body; but for its name it is signed as a GET.
  const toSign = (JSON.parse(told) as string).replace(/^\w+/, sent.method);
  const hmac = createHmac('sha256', Buffer.from(DEVELOPMENT_KEY, 'base64'));
  return exchange(sent, { ...to, signature: hmac.update(toSign, 'utf8').digest('base64') });
}

interface Exchange {
  readonly port: number;
  readonly agent?: Agent;
  readonly signature: string;
}

async function exchange({ method, path, headers, body }: RawRequest, { port, agent, signature }: Exchange) {
  const always = [
    ...['Authorization', `SharedKey ${DEVELOPMENT_ACCOUNT}:${signature}`, 'x-ms-date', DATE],
    ...['Content-Length', String(Buffer.byteLength(body)), 'Host', `127.0.0.1:${port}`],
  ];
  const outgoing = request({ host: '127.0.0.1', port, agent, method, path, headers: [...always, ...headers] });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

const DATE = new Date().toUTCString();

function unescapeXml(_whole: string, name: string): string {
  return { quot: '"', amp: '&', lt: '<', gt: '>' }[name] ?? '';
}
