import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isApiToken } from './api-token.js';

it('a token is equal to itself alone', () => {
  expect(isApiToken('secret', 'secret')).toBe(true);
  const text = fc.string({ minLength: 1 });
  fc.assert(fc.property(text, text, (given, expected) => isApiToken(given, expected) === (given === expected)));
});
