import { parse } from 'csv-parse/sync';
import { array, assert, constantFrom, property, string as text } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadCsv, csvRecords } from './csv-records.js';

describe('csvRecords', () => {
  it.each([
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a\nb\rc', [['a'], ['b'], ['c']]],
    ['"a ""b"", c\r\nd",e', [['a "b", c\r\nd', 'e']]],
    [
      ',\r\n\r\n\r\n"",',
      [
        ['', ''],
        ['', ''],
      ],
    ],
    ['', []],
  ])('reads %j', (csv, records) => {
    expect([...csvRecords(csv)]).toEqual(records);
  });

  it.each(['a"b', '"a', '"a"b', '"a" ,b', 'a\r\n"b""'])('refuses %j', csv => {
    expect(() => [...csvRecords(csv)]).toThrow(BadCsv);
  });

  it('reads what a library reads, whatever it is made of', () => {
    const parts = constantFrom('a', '"', '""', ',', '\r\n', '\n', ' ', 'é');
    assert(
      property(
        array(parts).map(all => all.join('')),
        csv => {
          let expected: unknown;
          try {
            expected = parse(csv, {
              relax_column_count: true,
              skip_empty_lines: true,
              record_delimiter: ['\r\n', '\n'],
            });
          } catch {
            expect(() => [...csvRecords(csv)]).toThrow(BadCsv);
            return;
          }
          expect([...csvRecords(csv)]).toEqual(expected);
        },
      ),
      { numRuns: 2_000 },
    );
    assert(
      property(array(array(text(), { minLength: 2, maxLength: 4 })), records => {
        const csv = records.map(cells => cells.map(cell => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        expect([...csvRecords(csv)]).toEqual(records);
      }),
    );
  });
});
