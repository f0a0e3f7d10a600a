import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeFakeResults } from '../../test-kit/fake-results.js';
import { historyText } from '../cli/history.js';
import { type Bursts, type Evidence, gatherEvidence } from './evidence.js';
import { htmlReport } from './html.js';
import { pageText } from './page-text.js';
import { paletteOf } from './palette.js';
import { historySection } from './sections/history.js';

let evidence: Evidence;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'history-'));
  await writeFakeResults(dir, { seed: 1, runs: 6, paced: false, sweep: false, faults: false });
  evidence = await gatherEvidence(dir);
});

afterAll(() => rm(dir, { recursive: true }));

/** The same comparison at another time, of as many orders. */
function again({ contenders, compared }: Bursts, startedAt: string, orders?: number): Bursts {
  if (!compared) throw new Error('nothing was compared');
  const { record, comparison } = compared;
  const ran = contenders.map(one => ({
    ...one,
    runs: one.runs.map(({ file, result }) => ({
      file,
      result: { ...result, orders: { ...result.orders, count: orders ?? result.orders.count } },
    })),
  }));
  return { contenders: ran, compared: { record: { ...record, id: startedAt, startedAt }, comparison } };
}

test('comparisons of the same work on the same machine stand in one chart, the oldest first', () => {
  const { bursts } = evidence;
  const others = [again(bursts, '2026-11-19T00:00:00.000Z'), again(bursts, '2026-01-01T00:00:00.000Z', 77)];
  const section = historySection({ bursts, others }, paletteOf(bursts.contenders));
  if ('missing' in section) throw new Error('nothing was found');
  const page = htmlReport({ title: 't', headline: 'h', points: [], summary: [], notes: [], sections: [section] });
  const text = pageText(page);
  expect(text).toContain('2 comparisons');
  expect(text.indexOf('2026-11-19T00:00')).toBeGreaterThan(0);
  expect(text).not.toContain('2026-01-01T00:00');
  expect(page).toContain('data-chart="history"');
  expect(text).not.toMatch(/NaN|undefined/);
});

test('one comparison is no history: the report says what would make it one', () => {
  const { bursts } = evidence;
  const others = [again(bursts, '2026-01-01T00:00:00.000Z', 77)];
  expect(historySection({ bursts, others }, paletteOf([]))).toMatchObject({
    missing: expect.stringContaining('second `make compare`'),
  });
});

test('below a comparison stands what had changed since the one before', () => {
  const { bursts } = evidence;
  const older = again(bursts, '2026-11-19T00:00:00.000Z');
  const upgraded = (version: string) => (one: (typeof older.contenders)[number]) => ({
    ...one,
    runs: one.runs.map(({ file, result }) => ({
      file,
      result: result.runtime.kind === 'spin' ? { ...result, runtime: { ...result.runtime, version } } : result,
    })),
  });
  const others = [{ ...older, contenders: older.contenders.map(upgraded('3.5.1')) }];
  const section = historySection({ bursts, others }, paletteOf(bursts.contenders));
  const chart = 'blocks' in section ? section.blocks.find(block => block.kind === 'chart') : undefined;
  const drawn = chart?.draw('wide') ?? '';
  expect(drawn).toContain('>Spin 3.6.3<');
  expect(drawn).not.toContain('3.5.1');
  expect(drawn).not.toContain('>Dapr');
});

test('bench history says so where nothing was compared', () => {
  expect(historyText([])).toContain('make compare');
});
