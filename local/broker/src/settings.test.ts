import { expect, it } from 'vitest';
import { defaultQueueSettings, readQueueSettings } from './settings.js';

it('completes what is given with the defaults', () => {
  expect(readQueueSettings({ lockDurationMs: 500 }, defaultQueueSettings)).toEqual({
    ...defaultQueueSettings,
    lockDurationMs: 500,
  });
});

it.each([
  [{ lockDurationMs: 0 }, 'lockDurationMs'],
  [{ maxDeliveryCount: '10' }, 'maxDeliveryCount'],
  [{ deadLetteringOnMessageExpiration: 1 }, 'deadLetteringOnMessageExpiration'],
  [{ lockDuration: 60 }, 'unknown queue setting lockDuration'],
  [[], 'JSON object'],
])('refuses %j and says what is wrong', (given, message) => {
  expect(() => readQueueSettings(given, defaultQueueSettings)).toThrow(message);
});
