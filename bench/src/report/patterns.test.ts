import { expect, test } from 'vitest';
import { exampleApiTest } from '../../test-kit/example-k6-results.js';
import { htmlReport } from './html.js';
import { pageText } from './page-text.js';
import { paletteOf } from './palette.js';
import { patternsSection } from './sections/patterns.js';

test('without results the section says how to get some', () => {
  expect(patternsSection([], paletteOf([]))).toMatchObject({ missing: expect.stringContaining('TEST=api-command') });
});

test('what a request costs stands with its verdict, its interval and its sources', () => {
  const text = textOf([...repetitions('express-ts', 2), ...repetitions('spin-ts@spin-3.6', 8)]);
  expect(text).toMatch(
    /A request of hit takes 2\.\d\d ms with express-ts \(.*\) and 8\.\d\d ms with spin-ts@spin-3\.6 \(.*\) of app CPU: spin-ts@spin-3\.6 takes \d\.\d times what express-ts does\./,
  );
  expect(text).toContain('hit | app CPU per request, ms');
  expect(text).toContain('api-query | peak memory of all apps, MiB');
  expect(text).toContain('From 12 results');
});

test('what the repetitions do not decide is said to be undecided', () => {
  const text = textOf([...repetitions('express-ts', 2, 2), ...repetitions('spin-ts@spin-3.6', 8, 2)]);
  expect(text).toContain('express-ts against spin-ts@spin-3.6 is undecided (~)');
});

test('the stand-in stands in the table, and no sentence ranks it', () => {
  const text = textOf([...repetitions('express-ts', 2), ...repetitions('spin-ts (stand-in)', 8)]);
  expect(text).toMatch(/takes 2\.\d\d ms with express-ts \([^)]*\) of app CPU\./);
  expect(text).toContain('Spin itself was not measured: spin-ts ran on the stand-in alone');
  expect(text).toContain('spin-ts (stand-in)');
});

test('that Spin was not measured is said once for all tests, and names them where Spin ran in others', () => {
  const onStandIn = [...repetitions('express-ts', 2), ...repetitions('spin-ts (stand-in)', 8)];
  const another = onStandIn.map(result => ({ ...result, test: 'api-crud' }));
  const said = 'Spin itself was not measured: spin-ts ran on the stand-in alone, which no headline ranks.';
  expect(textOf([...onStandIn, ...another]).split(said)).toHaveLength(2);
  const text = textOf([...another, ...repetitions('express-ts', 2), ...repetitions('spin-ts@spin-3.6', 8)]);
  expect(text).toContain(`api-crud: ${said}`);
});

test('void repetitions are left out, and those that did not hold the rate rank last: both are counted', () => {
  const void_ = exampleApiTest({ contender: 'express-ts', block: 7, appCpuMsPerRequest: 2, status: 'void' });
  const late = exampleApiTest({ contender: 'express-ts', block: 8, appCpuMsPerRequest: 2, run: { exitCode: 99 } });
  const text = textOf([...repetitions('express-ts', 2), void_, late]);
  expect(text).toContain('express-ts did not hold the rate in 1, which rank last. 1 void repetition is left out.');
});

function repetitions(contender: string, appCpuMsPerRequest: number, blocks = 6) {
  return Array.from({ length: blocks }, (_, index) =>
    exampleApiTest({ contender, block: index + 1, appCpuMsPerRequest: appCpuMsPerRequest + index / 100 }),
  );
}

function textOf(results: readonly ReturnType<typeof exampleApiTest>[]): string {
  const section = patternsSection(
    results.map(result => ({ file: `k6/${result.id}.json`, result })),
    paletteOf([], results),
  );
  if ('missing' in section) throw new Error(section.missing);
  return pageText(htmlReport({ title: '', headline: '', points: [], summary: [], notes: [], sections: [section] }));
}
