import { describe, expect, it } from 'vitest';
import { corsHeaders, isPreflight } from './cors.js';

const ALLOWED = ['https://shop.example', 'http://localhost:8080'];
const simple = (origin: string | undefined) => ({ method: 'GET', origin, requestMethod: undefined });
const preflight = (origin: string | undefined) => ({ method: 'OPTIONS', origin, requestMethod: 'DELETE' });

describe('CORS', () => {
  it('lets a listed origin read, and the headers that it needs', () => {
    expect(corsHeaders(simple('https://shop.example'), ALLOWED)).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': 'https://shop.example',
      'access-control-expose-headers': 'ETag, Location, Retry-After, Link, Age, Cache-Status',
    });
  });

  it('tells a preflight what is possible, by name', () => {
    const headers = corsHeaders(preflight('http://localhost:8080'), ALLOWED);
    expect(headers['access-control-allow-methods']).toContain('DELETE');
    expect(headers['access-control-allow-headers']).toContain('Authorization');
    expect(headers['access-control-max-age']).toBe('7200');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it.each([
    ['another origin', 'https://evil.example'],
    ['a sandboxed frame', 'null'],
    ['one that begins like a listed one', 'https://shop.example.evil.example'],
    ['one that a listed one begins like', 'https://shop.exampl'],
    ['another scheme', 'http://shop.example'],
    ['another port', 'http://localhost:8081'],
    ['no browser', undefined],
  ])('tells %s nothing but that the origin matters', (_who, origin) => {
    expect(corsHeaders(simple(origin), ALLOWED)).toEqual({ vary: 'Origin' });
    expect(corsHeaders(preflight(origin), ALLOWED)).toEqual({ vary: 'Origin' });
  });

  it('knows a preflight from an OPTIONS that Dapr or a person sends', () => {
    expect(isPreflight(preflight('https://evil.example'))).toBe(true);
    expect(isPreflight({ method: 'OPTIONS', origin: undefined, requestMethod: undefined })).toBe(false);
    expect(isPreflight({ method: 'OPTIONS', origin: 'https://shop.example', requestMethod: undefined })).toBe(false);
    expect(isPreflight(simple('https://shop.example'))).toBe(false);
  });
});
