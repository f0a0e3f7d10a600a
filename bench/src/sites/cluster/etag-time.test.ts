import { describe, expect, it } from 'vitest';
import { etagWrite } from './etag-time.js';

const lastModified = new Date('Wed, 09 Sep 2009 09:20:02 GMT');

describe('the write time of a blob', () => {
  it('is its ETag’s, as in the documented sample', () => {
    const write = etagWrite({ etag: '"0x8CBFF45D8A29A19"', lastModified });
    expect(write.isExact).toBe(true);
    expect(Math.floor(write.atMs / 1000) * 1000).toBe(lastModified.getTime());
    // 0x8CBFF45D8A29A19 = 633,880,848,028,047,897 ticks.
    expect(write.atMs - lastModified.getTime()).toBeCloseTo(804.7897, 3);
  });

  it('is read without quotes too, as a listing gives it', () => {
    expect(etagWrite({ etag: '0x8CBFF45D8A29A19', lastModified })).toMatchObject({ isExact: true });
  });

  it('is the whole second where the ETag is of another one', () => {
    const next = new Date(lastModified.getTime() + 1000);
    expect(etagWrite({ etag: '"0x8CBFF45D8A29A19"', lastModified: next })).toEqual({
      atMs: next.getTime(),
      isExact: false,
    });
  });

  it.each(['"0x1C2B3A4D5E6F708"', '"0x"', '"6b8b4567-327b"', '', '0x8CBFF45D8A29A198CBFF45D8A29A19'])(
    'is the whole second where the ETag is no time: %s',
    etag => expect(etagWrite({ etag, lastModified })).toEqual({ atMs: lastModified.getTime(), isExact: false }),
  );
});
