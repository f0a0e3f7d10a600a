import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorOf, nextLink, readPage } from './cursor.js';

const read = (query: string) => readPage(new URLSearchParams(query));

describe('a page of a list', () => {
  it('goes on where the link of the one before says', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), marker => {
        const [, query = ''] = /\?(.*)>; rel="next"$/.exec(nextLink('/orders', { limit: 20 }, marker)) ?? [];
        expect(read(query)).toEqual({ limit: 20, marker });
      }),
    );
  });

  it('has 50 entries unless the caller says otherwise', () => {
    expect(read('')).toEqual({ limit: 50 });
    expect(read('limit=200')).toEqual({ limit: 200 });
  });

  it.each(['limit=0', 'limit=201', 'limit=', 'limit=1e2', 'limit=-1', 'limit=9999'])('refuses %s', query => {
    expect(read(query)).toMatchObject({ field: 'limit' });
  });

  it.each(['cursor=', 'cursor=%25', 'cursor=a', 'cursor=YR', 'cursor=_w', `cursor=${cursorOf('bb')}=`])(
    'refuses %s',
    query => {
      expect(read(query)).toMatchObject({ field: 'cursor' });
    },
  );
});
