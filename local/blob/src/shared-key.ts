import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from './development-account.js';
import type { RequestTarget } from './request-target.js';
import { storageError } from './storage-error.js';

/** What a signature covers. */
export interface SignedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly target: RequestTarget;
}

/**
 * Checks the `Authorization: SharedKey <account>:<signature>` header as the service documents it for version
 * 2015-02-21 and later, and that the request is at most 15 minutes old. `x-ms-` headers are put in order by code
 * unit; the service compares by culture, which differs only where an underscore meets a digit in two metadata names.
 *
 * @throws StorageError AuthenticationFailed
 */
export function checkSharedKey(request: SignedRequest): void {
  const [, account, signature] = /^SharedKey ([^:]+):(.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (signature === undefined) {
    throw storageError('AuthenticationFailed', { detail: 'Send an "Authorization: SharedKey" header.' });
  }
  if (account !== DEVELOPMENT_ACCOUNT || request.target.account !== DEVELOPMENT_ACCOUNT) {
    throw storageError('AuthenticationFailed', { detail: `The only account is ${DEVELOPMENT_ACCOUNT}.` });
  }
  const signedAt = String(request.headers['x-ms-date'] ?? request.headers.date ?? '');
  if (!(Math.abs(Date.now() - Date.parse(signedAt)) <= LARGEST_CLOCK_DIFFERENCE_MS)) {
    throw storageError('AuthenticationFailed', {
      detail: `The request's date "${signedAt}" is not within 15 minutes.`,
    });
  }
  const toSign = stringToSign(request);
  const expected = createHmac('sha256', KEY).update(toSign, 'utf8').digest();
  const actual = Buffer.from(signature, 'base64');
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
    throw storageError('AuthenticationFailed', { detail: `The server signed: ${JSON.stringify(toSign)}.` });
  }
}

const KEY = Buffer.from(DEVELOPMENT_KEY, 'base64');
const LARGEST_CLOCK_DIFFERENCE_MS = 15 * 60_000;

function stringToSign({ method, headers, target }: SignedRequest): string {
  const length = headers['content-length'];
  return (
    `${method}\n${headers['content-encoding'] ?? ''}\n${headers['content-language'] ?? ''}\n` +
    `${length === undefined || length === '0' ? '' : length}\n${headers['content-md5'] ?? ''}\n` +
    `${headers['content-type'] ?? ''}\n${headers['x-ms-date'] === undefined ? (headers.date ?? '') : ''}\n` +
    `${headers['if-modified-since'] ?? ''}\n${headers['if-match'] ?? ''}\n${headers['if-none-match'] ?? ''}\n` +
    `${headers['if-unmodified-since'] ?? ''}\n${headers.range ?? ''}\n` +
    canonicalHeaders(headers) +
    canonicalResource(target)
  );
}

function canonicalHeaders(headers: IncomingHttpHeaders): string {
  const names: string[] = [];
  for (const name in headers) if (name.startsWith('x-ms-')) names.push(name);
  names.sort();
  let text = '';
  for (const name of names) text += `${name}:${headers[name]}\n`;
  return text;
}

function canonicalResource({ encodedPath, query }: RequestTarget): string {
  let text = `/${DEVELOPMENT_ACCOUNT}${encodedPath}`;
  if (query.size === 0) return text;
  for (const name of [...query.keys()].sort()) text += `\n${name}:${query.get(name)}`;
  return text;
}
