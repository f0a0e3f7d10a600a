import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeFakeReport } from '../../test-kit/fake-report.js';
import { writeFakeResults } from '../../test-kit/fake-results.js';
import { gatherEvidence } from './evidence.js';
import { headlineOf } from './headline.js';
import { withGeneratedParts } from './readme.js';
import { WITHDRAWN } from './withdrawn.js';

const NOTHING = { seed: 1, runs: 0, paced: false, sweep: false, faults: false };

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bench-report-'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the headline', () => {
  test('names the fastest contender, the ratios with their intervals, and what is undecided', async () => {
    await writeFakeResults(dir, { ...NOTHING, seed: 7, runs: 10 });
    const { finding, notes } = headlineOf((await gatherEvidence(dir)).bursts);
    expect(finding).toMatch(
      /^express-ts(-fetch)? drains 10,000 orders in 1\d\.\d s: 2\.\d\d \[\d\.\d\d, \d\.\d\d\] times as fast as spin-ts@spin-3\.6 and /,
    );
    expect(finding).toMatch(
      /Against express-ts(-fetch)? it is undecided \(~; a difference of [\d.]+ % would have been found\)\.$/,
    );
    expect(finding).not.toContain('null-ts');
    expect(notes.join(' ')).not.toContain('stand-in');
  });

  test('leaves out the stand-in, however fast it is', async () => {
    await writeFakeResults(dir, { ...NOTHING, seed: 7, runs: 10, standIn: 'beside Spin' });
    const { finding, notes } = headlineOf((await gatherEvidence(dir)).bursts);
    expect(finding).toMatch(/^express-ts/);
    expect(`${finding} ${notes.join(' ')}`).not.toContain('stand-in');
  });

  test('says that Spin itself is missing where the stand-in is there alone, and ranks the others', async () => {
    await writeFakeResults(dir, { ...NOTHING, seed: 7, runs: 10, standIn: 'in place of Spin' });
    const { finding, notes } = headlineOf((await gatherEvidence(dir)).bursts);
    expect(finding).toMatch(/^express-ts/);
    expect(finding).not.toContain('stand-in');
    expect(notes).toContain(
      'Spin itself was not measured: spin-ts ran on the stand-in alone, which no headline ranks.',
    );
  });

  test('claims nothing of single runs', async () => {
    await writeFakeResults(dir, { ...NOTHING, runs: 1, single: true });
    const { finding, notes } = headlineOf((await gatherEvidence(dir)).bursts);
    expect(finding).toMatch(/^Not decided: 10,000 orders took /);
    expect(notes).toContain(WITHDRAWN);
  });

  test('claims nothing of blocks too few to decide', async () => {
    await writeFakeResults(dir, { ...NOTHING, runs: 2 });
    expect(headlineOf((await gatherEvidence(dir)).bursts).finding).toContain("2 runs of each can't decide any pair");
  });
});

describe('REPORT.md', () => {
  test('names a result for each figure, and each name is a file', async () => {
    const { markdown } = await writeFakeReport(dir, { ...NOTHING, runs: 10, paced: true, sweep: true });
    const text = await readFile(markdown, 'utf8');
    const links = [...text.matchAll(/\]\(([^)]+\.(?:json|svg))\)/g)].map(match => match[1] as string);
    expect(links.length).toBeGreaterThan(100);
    for (const link of new Set(links)) await readFile(join(dir, link));
    const sections = text.split(/^## /m).slice(1);
    for (const section of sections) {
      if (!section.includes('![')) continue;
      const elsewhere = section.match(/^From the \d+ results listed under “(.+)”\.$/m)?.[1];
      const holder = elsewhere === undefined ? section : sections.find(other => other.startsWith(`${elsewhere}\n`));
      expect(holder).toContain('<summary>From ');
    }
  });

  test('says what is missing, and how to make it', async () => {
    const { markdown, charts } = await writeFakeReport(dir, { ...NOTHING, runs: 1, single: true });
    const text = await readFile(markdown, 'utf8');
    for (const hint of ['make paced', 'make sweep', 'make compare', '--mode cold']) expect(text).toContain(hint);
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(charts.length).toBe(5);
  });

  test('can be made of no results at all, and then says why the former figures are withdrawn', async () => {
    const { markdown, charts } = await writeFakeReport(dir, NOTHING);
    const text = await readFile(markdown, 'utf8');
    expect(text).toContain('Nothing has been compared yet');
    expect(text).toContain(WITHDRAWN);
    expect(text).not.toMatch(/NaN|undefined|Infinity|single runs:/);
    expect(charts).toEqual([]);
  });

  test('says how far the stand-in is from Spin, as ratios with intervals', async () => {
    const { markdown } = await writeFakeReport(dir, { ...NOTHING, runs: 10, standIn: 'beside Spin' });
    const text = await readFile(markdown, 'utf8');
    expect(text).not.toContain(WITHDRAWN);
    expect(text).toContain('## How far the stand-in is from Spin');
    expect(text).toMatch(
      /\| spin-ts \(stand-in\) \| spin-ts@spin-3\.6 \| 0\.3\d \[0\.\d\d, 0\.\d\d\] \| 0\.1\d \[.*\] \| 0\.\d\d \[.*\] \| 0\.\d\d \[.*\] \|/,
    );
  });

  test('says that it is not known where Spin is missing', async () => {
    const { markdown } = await writeFakeReport(dir, { ...NOTHING, runs: 7, standIn: 'in place of Spin' });
    expect(await readFile(markdown, 'utf8')).toContain('no comparison has one contender on both');
  });

  test('names the contenders that were still changing speed, beside the table', async () => {
    const { markdown } = await writeFakeReport(dir, { ...NOTHING, runs: 7, standIn: 'beside Spin' });
    const text = await readFile(markdown, 'utf8');
    expect(text).toMatch(/\| express-ts \| 7 \|.*\| 1\.01 \|\n/);
    expect(text).toContain('\n\nspin-ts (stand-in) (1.12) was still changing speed while measured: ');
  });

  test('names incomplete and void runs, and ranks the incomplete last', async () => {
    const { markdown } = await writeFakeReport(dir, { ...NOTHING, runs: 7, faults: true });
    const text = await readFile(markdown, 'utf8');
    expect(text).toContain('is incomplete: 40 of 10000 orders are not written');
    expect(text).toContain('is void: the machine was 41 % busy before the start');
    expect(text).toMatch(/\| spin-ts@spin-3\.6 \| 7 \| [\d.]+ \([\d.]+ to never\)/);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});

test('charts of an earlier report go', async () => {
  await writeFakeReport(dir, { ...NOTHING, runs: 1, sweep: true });
  await rm(join(dir, 'sweeps'), { recursive: true });
  await writeFakeReport(join(dir), NOTHING);
  expect((await readdir(join(dir, 'charts'))).filter(name => name.startsWith('sweep'))).toEqual([]);
});

test('a comparison that is not there is named with those that are', async () => {
  await writeFakeResults(dir, { ...NOTHING, runs: 1 });
  await expect(gatherEvidence(dir, 'nope')).rejects.toThrow("no comparison 'nope'");
});

describe('the README', () => {
  const README =
    'a\n<!-- headline:begin -->\nyesterday\n<!-- headline:end -->\nb\n<!-- table:begin --><!-- table:end -->\nc\n<!-- edge:begin --><!-- edge:end -->\n';

  test('gets its headline and its table between their markers, again and again', async () => {
    await writeFakeResults(dir, { ...NOTHING, runs: 10 });
    const evidence = await gatherEvidence(dir);
    const once = withGeneratedParts(README, evidence, 'results');
    expect(once).toMatch(/^a\n<!-- headline:begin -->\n\*\*express-ts/);
    expect(once).toContain('](results/2026');
    expect(once).toContain('| null-ts |');
    expect(once).toContain('](results/charts/drain.svg)');
    expect(once).toContain('No breakpoints are stored yet.');
    expect(once).not.toContain('yesterday');
    expect(withGeneratedParts(once, evidence, 'results')).toBe(once);
  });

  test('has the stand-in’s error beside the table', async () => {
    await writeFakeResults(dir, { ...NOTHING, runs: 10, standIn: 'beside Spin' });
    const text = withGeneratedParts(README, await gatherEvidence(dir), 'results');
    expect(text).toContain('The stand-in over Spin, in the same blocks');
    expect(text).toContain('was still changing speed');
  });

  test('says that there is nothing where nothing is stored', async () => {
    const text = withGeneratedParts(README, await gatherEvidence(dir), 'results');
    expect(text).toContain(`**Nothing has been compared yet.**\n\n${WITHDRAWN}\n<!-- headline:end -->`);
    expect(text).toContain('<!-- table:begin -->\nNo burst is stored yet.\n<!-- table:end -->');
  });

  test('without markers is refused', async () => {
    await writeFakeResults(dir, { ...NOTHING, runs: 1 });
    const evidence = await gatherEvidence(dir);
    expect(() => withGeneratedParts('nothing', evidence, 'results')).toThrow('<!-- headline:begin -->');
  });
});
