import { expect, test } from 'vitest';
import { exampleBreakpoint } from '../../test-kit/example-k6-results.js';
import { htmlReport } from './html.js';
import { pageText } from './page-text.js';
import { paletteOf } from './palette.js';
import { edgeSection } from './sections/edge.js';

test('without results the section says how to get some', () => {
  expect(edgeSection([], paletteOf([]))).toMatchObject({ missing: expect.stringContaining('make k6 TEST=breakpoint') });
});

test('breakpoints stand with their intervals, verdict and sources', () => {
  const text = textOf([...repetitions('spin-ts@spin-3.6', 200), ...repetitions('express-ts', 320)]);
  expect(text).toContain('express-ts 323 and spin-ts@spin-3.6 203');
  expect(text).toContain('worse than express-ts');
  expect(text).toContain('From 12 results');
});

test('two sentences say what each holds and what is decided', () => {
  const text = textOf([...repetitions('spin-ts@spin-3.6', 200), ...repetitions('express-ts', 320)]);
  expect(text).toMatch(
    /the contenders hold: express-ts 323 orders\/s \(\d+ to \d+\) and spin-ts@spin-3.6 203 orders\/s/,
  );
  expect(text).toMatch(
    /Over 6 interleaved repetitions.*: express-ts holds 1\.\d\d times as much as spin-ts@spin-3\.6\./,
  );
});

test('what is held within another limit stands apart', () => {
  const within = (p99Ms: number, heldPerSecond: number) =>
    repetitions('express-ts', heldPerSecond).map(({ file, result }) => ({
      file,
      result: { ...result, limit: { ...result.limit, p99Ms } },
    }));
  const text = textOf([...within(25, 320), ...within(100, 500)]);
  expect(text).toContain('As distributor, p99 within 25 ms, the apps hold, in orders per second: express-ts 323');
  expect(text).toContain('As distributor, p99 within 100 ms, the apps hold, in orders per second: express-ts 503');
});

test('a contender that holds no rate is said to, with how slow it is at the lowest one', () => {
  const text = textOf([...repetitions('spin-ts@spin-3.6', null), ...repetitions('express-ts', 320)]);
  expect(text).toContain('spin-ts@spin-3.6 none (at 1.05 per second its p99 is 9.00 ms)');
  expect(text).toContain('express-ts holds more than spin-ts@spin-3.6.');
  expect(text).toContain('express-ts 323 and spin-ts@spin-3.6 none');
});

test('the stand-in stands in the table, and no sentence ranks it', () => {
  const text = textOf([
    ...repetitions('spin-ts (stand-in)', 900),
    ...repetitions('express-ts', 320),
    ...repetitions('null-ts', 640),
  ]);
  expect(text).toContain('spin-ts (stand-in) | 6 | 903 ');
  expect(text).toMatch(
    /the contenders hold: null-ts 643 orders\/s \(\d+ to \d+\) and express-ts 323 orders\/s \(\d+ to \d+\)\./,
  );
  expect(text).toContain('in orders per second: null-ts 643 and express-ts 323 (~');
  expect(text).toContain('Spin itself was not measured: spin-ts ran on the stand-in alone, which no headline ranks.');
});

test('of the stand-in alone nothing is said but that', () => {
  expect(textOf(repetitions('spin-ts (stand-in)', 900))).toContain(
    '\nSpin itself was not measured: spin-ts ran on the stand-in alone, which no headline ranks.\n',
  );
});

test('an app that mostly does not recover from a spike does not, by its median', () => {
  const stored = repetitions('spin-ts', 200).map(({ file, result }, index) => ({
    file,
    result: { ...result, spike: result.spike && { ...result.spike, isRecovered: index < 2 } },
  }));
  expect(textOf(stored)).toMatch(/^spin-ts \| 150 % .* \| not while watched \|/m);
});

test('void results are left out and counted', () => {
  const result = exampleBreakpoint({ contender: 'spin-ts', block: 7, heldPerSecond: 999, status: 'void' });
  const text = textOf([...repetitions('spin-ts@spin-3.6', 200), { file: 'k6/void.json', result }]);
  expect(text).not.toContain('999');
  expect(text).toContain('1 void measurements are left out');
});

function repetitions(contender: string, rate: number | null) {
  return [1, 2, 3, 4, 5, 6].map(block => ({
    file: `k6/${contender}-${block}.json`,
    result: exampleBreakpoint({ contender, block, heldPerSecond: rate && rate + block - 1 + (block > 3 ? 1 : 0) }),
  }));
}

function textOf(stored: Parameters<typeof edgeSection>[0]): string {
  const section = edgeSection(stored, paletteOf([]));
  if ('missing' in section) throw new Error('nothing was found');
  return pageText(htmlReport({ title: 't', headline: 'h', points: [], summary: [], notes: [], sections: [section] }));
}
