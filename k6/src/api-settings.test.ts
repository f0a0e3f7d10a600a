import { expect, test } from 'vitest';
import { apiTargetOf, openRateOf } from './api-settings.ts';

const ENV = {
  TARGET_URL: 'http://127.0.0.1:3001/',
  ORDERS_API_TOKEN: 'secret',
  CONTENDER: 'express-ts',
  PART: 'hit',
  DATA_FILE: '/data.json',
};
const RATE = { RATE: '20', DURATION_S: '6' };

test('what is asked for is read', () => {
  expect(apiTargetOf({ ...ENV, SETTLE_S: '1' })).toEqual({
    ...{ url: 'http://127.0.0.1:3001', token: 'secret', contender: 'express-ts', part: 'hit', dataFile: '/data.json' },
    ...{ settleS: 1, partnerUrl: null, summaryFile: null },
  });
  expect(openRateOf(RATE)).toEqual({ ratePerSecond: 20, durationS: 6 });
});

test.each(Object.keys({ ...ENV, ...RATE }))('without %s the message names it', name => {
  const env = { ...ENV, ...RATE, [name]: '' };
  expect(() => [apiTargetOf(env), openRateOf(env)]).toThrow(name);
});

test('a rate that is no number above 0 is refused', () => {
  expect(() => openRateOf({ ...RATE, RATE: 'fast' })).toThrow("RATE is 'fast'");
});
