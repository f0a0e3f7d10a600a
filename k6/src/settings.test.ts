import { expect, test } from 'vitest';
import { rateAndDuration, shapeSettingsOf, targetOf } from './settings.ts';

const ENV = {
  TARGET_URL: 'http://127.0.0.1:3001/,http://127.0.0.1:3002',
  CONTENDER: 'express-ts',
  ROLE: 'distributor',
  ORDERS_FILE: '/orders.json',
};

test('several addresses are told apart by commas', () => {
  expect(targetOf(ENV).urls).toEqual(['http://127.0.0.1:3001', 'http://127.0.0.1:3002']);
});

test.each(['TARGET_URL', 'CONTENDER', 'ROLE', 'ORDERS_FILE'])('without %s the message names it', name => {
  expect(() => targetOf({ ...ENV, [name]: '' })).toThrow(name);
});

test('an unknown role is refused with those that there are', () => {
  expect(() => targetOf({ ...ENV, ROLE: 'receiver' })).toThrow(/receiver-standard/);
});

test('a rate that is no number above 0 is refused', () => {
  for (const RATE of ['fast', '0', '-1']) expect(() => shapeSettingsOf({ RATE })).toThrow('RATE');
});

test('what is not given is the test’s own', () => {
  expect(rateAndDuration('smoke', { RATE: '7' })).toEqual({ ratePerSecond: 7, durationS: 5 });
});
