import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeFakeReport } from '../../test-kit/fake-report.js';
import { type FakePlan, writeFakeResults } from '../../test-kit/fake-results.js';
import { cpuMsPerOrder } from '../results/result.js';
import { gatherEvidence } from './evidence.js';
import { pageText } from './page-text.js';
import { withReport } from './readme.js';
import { composeReport } from './report.js';

const NOTHING = { seed: 1, runs: 0, paced: false, sweep: false, faults: false };

const FULL = { ...NOTHING, runs: 12, paced: true, sweep: true };

const folders: string[] = [];

afterAll(() => Promise.all(folders.map(dir => rm(dir, { recursive: true, force: true }))));

async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-report-'));
  folders.push(dir);
  return dir;
}

const reports = new Map<string, ReturnType<typeof madeReport>>();

/** Both texts of a report of made-up results, and its charts: made once for each plan, for it takes a second. */
function reported(plan: FakePlan): ReturnType<typeof madeReport> {
  const key = JSON.stringify(plan);
  const report = reports.get(key) ?? madeReport(plan);
  reports.set(key, report);
  return report;
}

async function madeReport(plan: FakePlan) {
  const dir = await newFolder();
  const { html, markdown, charts } = await writeFakeReport(dir, plan);
  const text = await readFile(html, 'utf8');
  return { dir, html: text, page: pageText(text), first: await readFile(markdown, 'utf8'), charts };
}

describe('REPORT.md', () => {
  test('is one page: headline, table, the open charts, what they do not show, and where the rest is', async () => {
    const { dir, first, charts } = await reported(FULL);
    expect(first).toMatch(/^# .*\n\n<!--.*-->\n\n\*\*Express for throughput and CPU; Spin for memory\.\*\*\n\n- /);
    expect(first).toContain('| measured | Spin | Express | better |');
    expect(first).toContain('`make report` writes `report.html`');
    expect(first).toContain('](comparisons/20261120T080000Z-0badcafe/comparison.json)');
    const shown = [...first.matchAll(/\]\((charts\/[^)]+)\)/g)].map(match => join(dir, match[1] as string));
    expect(shown.toSorted()).toEqual(charts.toSorted());
    expect(first).not.toContain('<details');
  });

  test('has no id of a result, and every file that it names but those of the checkout is there', async () => {
    const { dir, first } = await reported(FULL);
    expect(first).not.toMatch(/`[0-9a-f]{8}`/);
    const links = [...first.matchAll(/\]\(((?:comparisons|charts)[^)]+)\)/g)].map(match => match[1] as string);
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) await readFile(join(dir, link));
  });
});

describe('report.html', () => {
  test('names the results of each figure, and each is a file', async () => {
    const { dir, html } = await reported(FULL);
    const links = [...html.matchAll(/href="([^"]+\/2026[^"]+\.json)"/g)].map(match => match[1] as string);
    expect(links.length).toBeGreaterThan(100);
    for (const link of new Set(links)) await readFile(join(dir, link));
    for (const section of html.split('<section').slice(1)) {
      if (section.includes('data-chart')) expect(section).toMatch(/>From (the )?\d+ results/);
    }
  });

  test('says once, in one place, what is missing, and how to make it', async () => {
    const { page, first, charts } = await reported({ ...NOTHING, runs: 1, single: true });
    for (const hint of ['make paced', 'make sweep', 'make calibrate', '--mode cold', 'TEST=density']) {
      expect(page.split(hint).length, hint).toBe(2);
      expect(first).toContain(hint);
    }
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(charts.length).toBeGreaterThanOrEqual(6);
  });

  test('claims nothing in a title of what ran once', async () => {
    const { first } = await reported({ ...NOTHING, runs: 1, single: true });
    const titles = first.split('\n').filter(line => line.startsWith('## '));
    expect(titles).toContain('## App CPU per order, one run of a contender');
    expect(titles).toContain('## Orders written over time, one run of a contender');
    expect(titles).toContain('## Time to drain in single runs: their order is not decided');
    expect(titles.filter(title => /\d/.test(title) && !title.includes('longest hop'))).toEqual([]);
  });

  test('can be made of no results at all', async () => {
    const { page, first, charts } = await reported(NOTHING);
    expect(first).toContain('**Nothing has been compared yet.**');
    expect(page).toContain('timed bursts: make compare');
    expect(page).not.toMatch(/NaN|undefined|Infinity|single runs:/);
    expect(charts).toEqual([]);
  });

  test('says how far the stand-in is from Spin, as ratios with intervals', async () => {
    const { page } = await reported({ ...NOTHING, runs: 10, standIn: 'beside Spin' });
    expect(page).toContain('How far the stand-in is from Spin');
    expect(page).toMatch(/spin-ts \(stand-in\) \| spin-ts@spin-3\.6 \| 0\.3\d 0\.\d\d to 0\.\d\d \| 0\.1\d /);
  });

  test('says that it is not known where Spin is missing', async () => {
    const { page } = await reported({ ...NOTHING, runs: 7, standIn: 'in place of Spin' });
    expect(page).toContain('no comparison has one contender on both');
  });

  test('names the contenders that were still changing speed, beside the table', async () => {
    const { page } = await reported({ ...NOTHING, runs: 10, standIn: 'beside Spin' });
    expect(page).toContain('spin-ts (stand-in) (1.12) was still changing speed while measured: ');
  });

  test('names incomplete and void runs, and ranks the incomplete last', async () => {
    const { page } = await reported({ ...NOTHING, runs: 7, faults: true });
    expect(page).toContain('is incomplete: 40 of 10000 orders are not written');
    expect(page).toContain('is void: the machine was 41 % busy before the start');
    expect(page).toMatch(/spin-ts@spin-3\.6 \| 7 \| [\d.]+ [\d.]+ or more/);
    expect(page).not.toMatch(/NaN|undefined|Infinity|∞|to never/);
  });

  test('counts in its title the pairs that its table has', async () => {
    const { page } = await reported(FULL);
    expect(page).toMatch(/Time to drain: \d of 10 pairs are decided, but not [^\n]*express-ts/);
    expect(page).toContain('All 10 pairs: all orders written after, app CPU per order and app memory at its peak');
  });

  test('marks the floor as one in every table that has it', async () => {
    const { page } = await reported(FULL);
    const rows = page.split('\n').filter(line => line.startsWith('null-ts') && line.includes(' | '));
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.filter(line => !line.startsWith('null-ts (floor)'))).toEqual([]);
  });

  test('has one definition of all CPU: the chart’s sum is the metric', async () => {
    const { dir, charts } = await reported(FULL);
    const chart = await readFile(charts.find(file => file.endsWith('cpu-by-role.svg')) ?? '', 'utf8');
    const { bursts } = await gatherEvidence(dir);
    const floor = bursts.contenders.find(({ contender }) => contender === 'null-ts');
    const [first] = floor?.runs ?? [];
    const withMeasuring = first ? cpuMsPerOrder(first.result, 'harness') : 0;
    const total = bursts.compared?.comparison.contenders.find(({ contender }) => contender === 'null-ts')?.metrics
      .allCpuMsPerOrder.median;
    const drawn = Number(/([\d.]+) of ([\d.]+)<\/text><\/g>/.exec(chart)?.[2]);
    expect(withMeasuring).toBeGreaterThan(0.05);
    expect(drawn).toBe(Number(total?.toFixed(2)));
  });
});

test('charts of an earlier report go', async () => {
  const dir = await newFolder();
  await writeFakeReport(dir, { ...NOTHING, runs: 1, paced: true });
  await rm(join(dir, 'paced'), { recursive: true });
  await writeFakeReport(dir, NOTHING);
  expect((await readdir(join(dir, 'charts'))).filter(name => name.startsWith('paced'))).toEqual([]);
});

test('a comparison that is not there is named with those that are', async () => {
  const dir = await newFolder();
  await writeFakeResults(dir, { ...NOTHING, runs: 1 });
  await expect(gatherEvidence(dir, 'nope')).rejects.toThrow("no comparison 'nope'");
});

describe('the README', () => {
  const README =
    'a\n<!-- headline:begin -->\nyesterday\n<!-- headline:end -->\nb\n<!-- observations:begin -->\n<!-- observations:end -->\n' +
    '<!-- stand-in:begin -->\n<!-- stand-in:end -->\n';

  test('gets its headline between its markers, again and again', async () => {
    const { dir } = await reported(FULL);
    const report = composeReport(await gatherEvidence(dir), null);
    const once = withReport(README, report, 'results');
    expect(once).toMatch(/^a\n<!-- headline:begin -->\n\*\*Express for throughput/);
    expect(once).toContain('](results/comparisons/20261120T080000Z-0badcafe/comparison.json)');
    expect(once).toContain('](results/charts/at-a-glance.svg)');
    expect(once).toContain('](docs/method.md)');
    expect(once).toContain('| measured | Spin | Express | better |');
    expect(once).not.toContain('yesterday');
    expect(once).toMatch(/<!-- headline:end -->\nb\n<!-- observations:begin -->\nFour observations/);
    expect(once).toMatch(
      /\| Languages that bring a heavy runtime .*\|\n<!-- observations:end -->\n<!-- stand-in:begin -->\n\n<!-- stand-in:end -->\n$/,
    );
    expect(withReport(once, report, 'results')).toBe(once);
  });

  test('says how far the stand-in is from Spin, of which comparison', async () => {
    const { dir } = await reported({ ...NOTHING, runs: 10, standIn: 'beside Spin' });
    const text = withReport(README, composeReport(await gatherEvidence(dir), null), 'results');
    expect(text).toMatch(/<!-- stand-in:begin -->\nThe stand-in over Spin, in the same blocks \(20\S+\): .*:\n\n/);
    expect(text).toMatch(/\| spin-ts \(stand-in\) \| spin-ts@spin-3\.6 \| .*\|\n<!-- stand-in:end -->\n$/);
  });

  test('says that there is nothing where nothing is stored', async () => {
    const text = withReport(README, composeReport(await gatherEvidence(await newFolder()), null), 'results');
    expect(text).toContain('**Nothing has been compared yet.**\n<!-- headline:end -->');
  });

  test('without markers is refused', async () => {
    const report = composeReport(await gatherEvidence(await newFolder()), null);
    expect(() => withReport('nothing', report, 'results')).toThrow('<!-- headline:begin -->');
    const half = README.slice(0, README.indexOf('<!-- observations:begin'));
    expect(() => withReport(half, report, 'results')).toThrow('<!-- observations:begin -->');
  });
});
