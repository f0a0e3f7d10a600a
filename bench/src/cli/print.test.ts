import { expect, test } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import { summary } from './print.js';

test('a run is told with its late over early rate, where its orders are enough for one', () => {
  expect(summary(exampleResult())).toContain('steady 200 orders/s, late over early rate 1.01\n');
  const { drain } = exampleResult();
  expect(summary(exampleResult({ drain: drain && { ...drain, lateOverEarlyRate: null } }))).toContain(
    'steady 200 orders/s\n',
  );
});
