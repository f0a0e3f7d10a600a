import { describe, expect, it } from 'vitest';
import { goJson } from './go-json.js';

describe('goJson writes a value as Go does', () => {
  it.each([
    ['{"b":1,"a":2}', '{"a":2,"b":1}'],
    ['{"é":1,"z":2,"😀":3,"\uffee":4}', '{"z":2,"é":1,"\uffee":4,"😀":3}'],
    ['"<a href=\\"x\\">&"', '"\\u003ca href=\\"x\\"\\u003e\\u0026"'],
    ['"\u2028\u2029"', '"\\u2028\\u2029"'],
    ['"\\b\\f\\n\\r\\t\\u0001\u007f"', '"\\b\\f\\n\\r\\t\\u0001\u007f"'],
    ['[-0,0,1e21,1e20,1e-7,0.000001,1.5e300]', '[-0,0,1e+21,100000000000000000000,1e-7,0.000001,1.5e+300]'],
    ['{"__proto__":{"x":1},"a":null}', '{"__proto__":{"x":1},"a":null}'],
  ])('%s', (json, expected) => {
    expect(goJson(JSON.parse(json))).toBe(expected);
  });
});
