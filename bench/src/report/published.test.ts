import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { expect, test } from 'vitest';
import { gatherEvidence } from './evidence.js';
import { htmlReport } from './html.js';
import { countWords, pageText } from './page-text.js';
import { composeReport } from './report.js';

const PAGES = [
  'CONTRIBUTING.md',
  'results/README.md',
  'results/TUNING.md',
  'README.md',
  'docs/contenders.md',
  'docs/method.md',
  'docs/operating.md',
  'docs/reliability.md',
  'docs/running.md',
  'results/REPORT.md',
];

/** Words that a platform engineer would not use, or that only statisticians or this project's authors know. */
const NOT_PLAIN =
  /way of an order|good dead-lettered|an instance a request|\brenews?\b|\bbears?\b|\bsaturat|CPU an order|orders a second/i;

test('the README has at most 1,200 words', async () => {
  expect(countWords(await read('README.md'))).toBeLessThanOrEqual(1_200);
});

test('REPORT.md and the unfolded report.html have at most 3,000 words each', async () => {
  expect(countWords(await read('results/REPORT.md'))).toBeLessThanOrEqual(3_000);
  expect(countWords(pageText(await storedReport(), { unfolded: true }))).toBeLessThanOrEqual(3_000);
});

test.each(PAGES)('%s is in plain words', async page => {
  expect(NOT_PLAIN.exec(await read(page))?.[0]).toBeUndefined();
});

test('report.html is in plain words, without infinities', async () => {
  const text = pageText(await storedReport());
  expect(NOT_PLAIN.exec(text)?.[0]).toBeUndefined();
  expect(text).not.toMatch(/∞|Infinity|NaN|undefined/);
});

test('the README explains or links each term of statistics where it first stands', async () => {
  const readme = await read('README.md');
  const first = (term: string) => readme.slice(readme.search(new RegExp(term, 'i'))).slice(0, 120);
  expect(first('median')).toMatch(/^medians, the middle of the runs/i);
  expect(first('95 % interval')).toMatch(/^95 % interval: 95 of 100 such ranges hold the true value/);
  expect(readme).not.toMatch(/Hodges|Holm|permutation|Cliff|\bp99\b|\bT100\b|\bT50\b/);
});

test.each(PAGES)('every link of %s leads somewhere', async page => {
  for (const [, target = ''] of (await read(page)).matchAll(/\]\((?!\w+:)([^)]+)\)/g)) {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    expect(existsSync(join(checkoutDir, file)), `${target} of ${page}`).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(await read(file)), `${target} of ${page}`).toContain(anchor);
  }
});

function read(page: string): Promise<string> {
  return readFile(join(checkoutDir, page), 'utf8');
}

async function storedReport(): Promise<string> {
  return htmlReport(composeReport(await gatherEvidence(join(checkoutDir, 'results')), null));
}

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}
