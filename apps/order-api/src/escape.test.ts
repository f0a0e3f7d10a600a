import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { csvCell, escapeMarkup } from './escape.js';

const text = fc.string({ unit: 'binary' });

describe('text in markup', () => {
  it('never ends an element or an attribute', () => {
    fc.assert(
      fc.property(text, value => {
        const escaped = escapeMarkup(value);
        expect(escaped).not.toMatch(/[<>"'\r]/);
        const { document } = parseHTML(`<p title="${escaped}">${escaped}</p><i>end</i>`);
        expect(document.querySelectorAll('*')).toHaveLength(2);
      }),
    );
  });

  it('keeps every character that XML can hold, and shows that there was another', () => {
    expect(escapeMarkup('a<b>&"\' ä😀\t\n\r')).toBe('a&lt;b&gt;&amp;&quot;&#39; ä😀\t\n&#13;');
    expect(escapeMarkup('\u0000\u000b\ud800x\udc00\ufffe')).toBe('\ufffd\ufffd\ufffdx\ufffd\ufffd');
  });
});

describe('a cell of CSV', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const line = `${csvCell(`x${one}`)},${csvCell(`y${other}`)}`;
        expect(parse(line, { record_delimiter: '\r\n', relax_quotes: false })).toEqual([[`x${one}`, `y${other}`]]);
      }),
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+cmd', "'+cmd"],
    ['\tx', "'\tx"],
    ['-12.5', '-12.5'],
    ['+3', '+3'],
    ['-1+cmd', "'-1+cmd"],
    ['a"b', '"a""b"'],
  ])('%j is %j: no formula, and a number stays one', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});
