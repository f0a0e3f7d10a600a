import fc from 'fast-check';
import rhea from 'rhea';
import { expect, it } from 'vitest';
import { described, type Encodable, encodeValue } from './encode-value.js';

const VALUE = 0x77;

it('a value that is encoded is the same to another implementation', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array));
  const { value } = fc.letrec<{ value: Encodable }>(tie => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constant(null),
      fc.boolean(),
      fc
        .oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
        .map(number => number + 0),
      fc.string({ maxLength: 300 }),
      bytes,
      fc.array(tie('value'), { maxLength: 300 }),
      fc.dictionary(
        fc.string().filter(key => key !== '__proto__'),
        tie('value'),
      ),
    ),
  }));
  fc.assert(
    fc.property(value, given => {
      // As an item of a list: a message whose value is null has no body to rhea.
      expect(rhea.message.decode(described(VALUE, [given, true]).bytes).body).toEqual([given, true]);
    }),
  );
});

it('of what is described the nulls at the end are left out, of any other list not', () => {
  expect(described(VALUE, [1, null, null]).bytes.toString('hex')).toBe('005377c006017100000001');
  expect(encodeValue([true, null]).toString('hex')).toBe('c003024140');
});
