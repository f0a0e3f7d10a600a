import { describe, expect, it } from 'vitest';
import { decideIdempotency, idempotencyKey, RESUME_AFTER_MS, readIdempotencyKey } from './idempotency.js';

const body = (text: string) => new TextEncoder().encode(text);

describe('an Idempotency-Key', () => {
  it.each([
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"8e03978e"', '8e03978e'],
    [' "a b" ', 'a b'],
    [String.raw`"a\"b\\"`, String.raw`a"b\ `.trim()],
    ['', undefined],
    ['""', undefined],
    ['"open', undefined],
    ['ä', undefined],
    ['a\u0007', undefined],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['x'.repeat(256), undefined],
  ])('%j is %j', (header, key) => {
    expect(readIdempotencyKey(header)).toBe(key);
  });

  it('is kept under a name that tells neither caller nor key, another one for each caller', async () => {
    const one = await idempotencyKey('token', 'key', body('{}'));
    expect(one.id).toMatch(/^[0-9a-f]{64}$/);
    // SHA-256 of "{}".
    expect(one.fingerprint).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
    expect((await idempotencyKey('tokenk', 'ey', body('{}'))).id).not.toBe(one.id);
    expect((await idempotencyKey('other', 'key', body('{}'))).id).not.toBe(one.id);
    expect(await idempotencyKey('token', 'key', body('{}'))).toEqual(one);
  });

  it('decides by what is kept of it', async () => {
    const key = await idempotencyKey('', 'key', body('{}'));
    const kept = { fingerprint: key.fingerprint, resourceId: '7', state: 'in-progress', startedAtMs: 1_000 } as const;
    expect(decideIdempotency(undefined, key, 1_000)).toEqual({ kind: 'begin' });
    expect(decideIdempotency(kept, key, 999 + RESUME_AFTER_MS)).toEqual({ kind: 'in-progress' });
    expect(decideIdempotency(kept, key, 1_000 + RESUME_AFTER_MS)).toEqual({ kind: 'resume', resourceId: '7' });
    expect(decideIdempotency({ ...kept, state: 'done' }, key, 1_001)).toEqual({ kind: 'repeat', resourceId: '7' });
    expect(decideIdempotency({ ...kept, fingerprint: 'other' }, key, 99_999)).toEqual({ kind: 'reused' });
  });
});
