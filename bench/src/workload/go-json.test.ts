import { describe, expect, it } from 'vitest';
import { goJson } from './go-json.js';

describe('goJson writes JSON as Go does', () => {
  it.each([
    ['{"b":1,"a":2}', '{"a":2,"b":1}'],
    ['{"é":1,"z":2,"😀":3,"\uffee":4}', '{"z":2,"é":1,"\uffee":4,"😀":3}'],
    ['"<a href=\\"x\\">&"', '"\\u003ca href=\\"x\\"\\u003e\\u0026"'],
    ['"\u2028\u2029"', '"\\u2028\\u2029"'],
    ['"\\b\\f\\n\\r\\t\\u0001\u007f"', '"\\b\\f\\n\\r\\t\\u0001\u007f"'],
    ['[1.0,1E2,-0.0,0.10,10e-1,0e999,123456789012345680000]', '[1,100,-0,0.1,1,0,123456789012345680000]'],
    ['{"a":"1.0","1.0":"-0","s":"n1.0","n":[]}', '{"1.0":"-0","a":"1.0","n":[],"s":"n1.0"}'],
    ['[-0,0,1e21,1e20,1e-7,0.000001,1.5e300]', '[-0,0,1e+21,100000000000000000000,1e-7,0.000001,1.5e+300]'],
    ['{"__proto__":{"x":1},"a":null}', '{"__proto__":{"x":1},"a":null}'],
  ])('%s', (json, expected) => {
    expect(goJson(json)).toBe(expected);
  });
});

it('keeps a number that no double holds, in one form for each value', () => {
  expect(goJson('[12345678901234567890, 12345678901234567890.0, 1234567890123456789e1]')).toBe(
    '[1234567890123456789e1,1234567890123456789e1,1234567890123456789e1]',
  );
  expect(goJson('[1e-400,1e400,1234567890123456.78]')).toBe('[1e-400,1e400,123456789012345678e-2]');
});

it.each(['', '01', '{"a":1.}', '[1,]', '"a', '{"a":-}', '1 2'])('takes %j for no JSON', text => {
  expect(() => goJson(text)).toThrow(SyntaxError);
});

it('reads the largest order, whatever it is made of', () => {
  const sizeBytes = 1_048_576;
  for (const text of [
    `"${'x'.repeat(sizeBytes)}"`,
    `"${'\\\\'.repeat(sizeBytes / 2)}"`,
    `[${'1,'.repeat(sizeBytes / 2)}1]`,
  ]) {
    expect(goJson(text)).toBe(text);
  }
  expect(goJson(`${'['.repeat(1_000)}${']'.repeat(1_000)}`)).toHaveLength(2_000);
});
