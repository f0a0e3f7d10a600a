import Negotiator from 'negotiator';
import { describe, expect, it } from 'vitest';
import { negotiate } from './negotiate.js';

describe('what an order is shown as', () => {
  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['application/*', 'json'],
    ['text/*', 'csv'],
    ['text/html', 'html'],
    ['TEXT/HTML', 'html'],
    ['text/html;q=0.2, application/xml;q=0.3', 'xml'],
    ['text/csv;q=0.1234, text/html;q=0.1', 'csv'],
    ['text/html, text/html;q=0', 'html'],
    ['*/*;q=0.1, application/json;q=0', 'xml'],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, image/avif, image/webp, */*;q=0.8', 'html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'html'],
    ['*/*;q=0', undefined],
    ['image/png', undefined],
    ['application/json;q=0', undefined],
  ])('for Accept: %s is %s', (accept, representation) => {
    expect(negotiate(accept)).toBe(representation);
  });

  // RFC 9110, section 12.5.1, with erratum 7138: text/html;level=3 is 0.3, by text/*.
  it.each([
    ['text/plain;format=flowed', 1],
    ['text/plain', 0.7],
    ['text/html', 0.3],
    ['image/jpeg', 0.5],
    ['text/plain;format=fixed', 0.4],
    ['text/html;level=3', 0.3],
  ])('has the qualities of the example in RFC 9110: %s', (type, quality) => {
    const accept = 'text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5';
    const better = `x/y;q=${(quality + 0.01).toFixed(2)}`;
    const worse = `x/y;q=${(quality - 0.01).toFixed(2)}`;
    const first = (range: string) =>
      new Negotiator({ headers: { accept: `${accept}, ${range}` } }).mediaTypes([type, 'x/y'])[0];
    // Nothing is wanted more than 1.
    if (quality < 1) expect(first(better)).toBe('x/y');
    expect(first(worse)).toBe(type);
  });

  it('takes audio/* where audio/basic is not there', () => {
    const accept = 'audio/*; q=0.2, audio/basic';
    expect(new Negotiator({ headers: { accept } }).mediaTypes(['audio/mp4', 'audio/basic'])).toEqual([
      'audio/basic',
      'audio/mp4',
    ]);
  });
});
