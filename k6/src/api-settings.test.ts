import { expect, test } from 'vitest';
import { apiTargetOf } from './api-settings.ts';

const ENV = {
  TARGET_URL: 'http://127.0.0.1:3001/',
  ORDERS_API_TOKEN: 'secret',
  CONTENDER: 'express-ts',
  PART: 'hit',
  DATA_FILE: '/data.json',
  RATE: '20',
  DURATION_S: '6',
};

test('what is asked for is read', () => {
  expect(apiTargetOf({ ...ENV, SETTLE_S: '1' })).toEqual({
    ...{ url: 'http://127.0.0.1:3001', token: 'secret', contender: 'express-ts', part: 'hit', dataFile: '/data.json' },
    ...{ ratePerSecond: 20, durationS: 6, settleS: 1, partnerUrl: null, summaryFile: null },
  });
});

test.each(Object.keys(ENV))('without %s the message names it', name => {
  expect(() => apiTargetOf({ ...ENV, [name]: '' })).toThrow(name);
});

test('a rate that is no number above 0 is refused', () => {
  expect(() => apiTargetOf({ ...ENV, RATE: 'fast' })).toThrow("RATE is 'fast'");
});
