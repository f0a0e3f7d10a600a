import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEVELOPMENT_KEY } from './development-account.js';
import { parseTarget } from './request-target.js';
import { checkSharedKey, type SignedRequest } from './shared-key.js';

const now = new Date().toUTCString();

describe('Shared Key', () => {
  it('covers method, standard headers, x-ms headers in order, path and query', () => {
    const toSign =
      'GET\n\n\n\n\n\n\n\n\n\n\nbytes=0-9\n' +
      `x-ms-date:${now}\nx-ms-version:2023-11-03\n` +
      '/devstoreaccount1/devstoreaccount1/box\ncomp:list\nprefix:a b/é\nrestype:container';
    const request = signed(toSign, {
      url: '/devstoreaccount1/box?restype=container&prefix=a%20b%2F%C3%A9&comp=list',
      headers: { 'x-ms-version': '2023-11-03', 'x-ms-date': now, range: 'bytes=0-9' },
    });
    expect(() => checkSharedKey(request)).not.toThrow();
  });

  it('reads the Date header where x-ms-date is missing', () => {
    const toSign = `PUT\n\n\n\n\n\n${now}\n\n\n\n\n\n/devstoreaccount1/devstoreaccount1/box/a`;
    const headers = { date: now, 'content-length': '0' };
    const request = signed(toSign, { url: '/devstoreaccount1/box/a', headers, method: 'PUT' });
    expect(() => checkSharedKey(request)).not.toThrow();
  });

  it('refuses what was changed after signing', () => {
    const toSign = `GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:${now}\n/devstoreaccount1/devstoreaccount1/box/a`;
    const headers = { 'x-ms-date': now };
    const request = signed(toSign, { url: '/devstoreaccount1/box/a', headers });
    expect(() => checkSharedKey(request)).not.toThrow();
    expect(() => checkSharedKey({ ...request, target: parseTarget('/devstoreaccount1/box/b') })).toThrow('signed');
    expect(() => checkSharedKey({ ...request, method: 'DELETE' })).toThrow('signed');
  });

  it('refuses a request that is more than 15 minutes old', () => {
    const old = new Date(Date.now() - 16 * 60_000).toUTCString();
    const toSign = `GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:${old}\n/devstoreaccount1/devstoreaccount1/box/a`;
    const request = signed(toSign, { url: '/devstoreaccount1/box/a', headers: { 'x-ms-date': old } });
    expect(() => checkSharedKey(request)).toThrow('15 minutes');
  });

  it('knows one account', () => {
    const target = parseTarget('/another/box/a');
    const headers = { authorization: 'SharedKey another:AAAA', 'x-ms-date': now };
    expect(() => checkSharedKey({ method: 'GET', headers, target })).toThrow('devstoreaccount1');
  });
});

function signed(
  toSign: string,
  request: { url: string; headers: Record<string, string>; method?: string },
): SignedRequest {
  const signature = createHmac('sha256', Buffer.from(DEVELOPMENT_KEY, 'base64')).update(toSign).digest('base64');
  return {
    method: request.method ?? 'GET',
    headers: { ...request.headers, authorization: `SharedKey devstoreaccount1:${signature}` },
    target: parseTarget(request.url),
  };
}
