import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, fitsDouble } from './decimal.js';

describe('a decimal', () => {
  it.each([
    [['0', '-0', '0.000', '0e999999999999'], '0'],
    [['1', '1.0', '10e-1', '0.1E+1', '1e0', '0.00001e5'], '1e0'],
    [['-100', '-1E2', '-1e+2', '-0.1e3', '-100.00'], '-1e2'],
    [['12345678901234567890', '12345678901234567890.0', '1234567890123456789e1'], '1234567890123456789e1'],
    [['1e-400', '0.1e-399', `0.${'0'.repeat(399)}1`], '1e-400'],
  ])('is the same for each of %j', (numbers, expected) => {
    for (const number of numbers) expect(decimalOf(number)).toBe(expected);
  });

  it('does not take long for any row of zeros', () => {
    const zeros = '0'.repeat(500_000);
    expect(decimalOf(`${zeros}1${zeros}1.${zeros}`)).toHaveLength(500_000 + 4);
  });
});

describe('a number fits a double', () => {
  it('where a double wrote it, whatever the double', () => {
    const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(doubles, double => fitsDouble(String(double))),
      { numRuns: 2_000 },
    );
  });

  it('with up to 15 digits, wherever its point is', () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{0,14}$/);
    fc.assert(fc.property(digits, fc.integer({ min: -300, max: 290 }), (n, e) => fitsDouble(`${n}e${e}`)));
  });

  it('in no more than one spelling but for zeros: the next digit counts', () => {
    const doubles = fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-5, max: 1e15 }).map(String);
    fc.assert(
      fc.property(doubles, fc.integer({ min: 1, max: 9 }), (number, digit) => {
        const longer = number.includes('.') ? `${number}${'0'.repeat(20)}` : `${number}.${'0'.repeat(20)}`;
        expect(fitsDouble(longer)).toBe(true);
        expect(fitsDouble(longer + digit)).toBe(false);
      }),
    );
  });
});
