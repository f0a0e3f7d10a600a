import { expect, test } from 'vitest';
import { exampleBreakpoint } from '../../test-kit/example-k6-results.js';
import { compareBreakpoints } from './compare-breakpoints.js';

test('six blocks of one contender far above the other decide', () => {
  const [comparison] = compareBreakpoints([
    ...rates('a', [300, 310, 305, 290, 301, 299]),
    ...rates('b', [200, 210, 190, 205, 202, 199]),
  ]);
  expect(comparison?.pairs).toMatchObject([{ a: 'a', b: 'b', blocks: 6, verdict: 'better', cliffsDelta: 1 }]);
  expect(comparison?.pairs[0]?.ratio.low).toBeGreaterThan(1);
});

test('too few blocks decide nothing', () => {
  const [comparison] = compareBreakpoints([...rates('a', [300, 310]), ...rates('b', [200, 210])]);
  expect(comparison?.pairs).toMatchObject([{ verdict: '~' }]);
});

test('a void repetition is left out and counted', () => {
  const [comparison] = compareBreakpoints([
    ...rates('a', [300, 310]),
    exampleBreakpoint({ contender: 'a', block: 3, heldPerSecond: 1, status: 'void' }),
  ]);
  expect(comparison?.contenders).toMatchObject([{ contender: 'a', values: [300, 310], voids: 1 }]);
});

test('an app that holds no rate counts as 0', () => {
  const [comparison] = compareBreakpoints([exampleBreakpoint({ contender: 'a', block: 1, heldPerSecond: null })]);
  expect(comparison?.contenders).toMatchObject([{ median: 0 }]);
});

function rates(contender: string, values: readonly number[]) {
  return values.map((heldPerSecond, index) => exampleBreakpoint({ contender, block: index + 1, heldPerSecond }));
}
