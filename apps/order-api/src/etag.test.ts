import { describe, expect, it } from 'vitest';
import { isNotModified, mayChange, orderETag } from './etag.js';

const ETAG = '"0cc1-json"';

describe('an order’s validator', () => {
  it('differs with what it is shown as', () => {
    expect(orderETag('0cc1', 'json')).toBe(ETAG);
    expect(orderETag('0cc1', 'html')).not.toBe(ETAG);
  });

  it.each([
    [undefined, false],
    [ETAG, true],
    [`W/${ETAG}`, true],
    [`"a", ${ETAG}`, true],
    [`"a" , , ${ETAG} ,`, true],
    ['*', true],
    ['"0cc1-html"', false],
    ['"a,b", "0cc1', false],
    ['0cc1-json', false],
    ['', false],
  ])('If-None-Match: %s is not modified: %s', (header, expected) => {
    expect(isNotModified(header, ETAG)).toBe(expected);
  });

  // RFC 9110, section 8.8.3.2: the four examples of comparison.
  it.each([
    ['W/"1"', 'W/"1"', false, true],
    ['W/"1"', 'W/"2"', false, false],
    ['W/"1"', '"1"', false, true],
    ['"1"', '"1"', true, true],
  ])('%s and %s are equal strongly: %s, weakly: %s', (one, other, strongly, weakly) => {
    expect(mayChange(one, other) === 'holds').toBe(strongly);
    expect(isNotModified(one, other)).toBe(weakly);
  });

  it.each([
    [undefined, 'missing'],
    [ETAG, 'holds'],
    ['*', 'holds'],
    [`"a",${ETAG}`, 'holds'],
    [`W/${ETAG}`, 'fails'],
    ['"a"', 'fails'],
    ['a', 'malformed'],
    ['', 'malformed'],
  ])('If-Match: %s %s', (header, expected) => {
    expect(mayChange(header, ETAG)).toBe(expected);
  });
});
