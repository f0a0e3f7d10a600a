import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { writeFakeResults } from '../../test-kit/fake-results.js';
import { compareCommand } from './compare.js';
import { costCommand } from './cost.js';
import { reportCommand } from './report.js';

const DECIDING = '20261120T080000Z-0badcafe';
const TOY = '20261121T080000Z-00000707';
const NOTHING = { seed: 1, paced: false, sweep: false, faults: false };

let dir: string;
let said: string[];

/** Ten runs of each contender, and two of each a day later. */
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'results-'));
  await writeFakeResults(dir, { ...NOTHING, runs: 10 });
  const toy = await mkdtemp(join(tmpdir(), 'toy-'));
  await writeFakeResults(toy, { ...NOTHING, runs: 2 });
  await addToy(toy);
  await rm(toy, { recursive: true });
  said = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation(text => said.push(String(text)) > 0);
  }
  vi.spyOn(console, 'log').mockImplementation(text => void said.push(`${text}\n`));
});
afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = 0;
  await rm(dir, { recursive: true });
});

/** The comparison of another folder as one of a day later, with a change in its text. */
async function addToy(from: string, change = (text: string) => text) {
  const folder = join(dir, 'comparisons', TOY);
  await cp(join(from, 'comparisons', DECIDING), folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(
      join(folder, name),
      change(text.replaceAll(DECIDING, TOY).replaceAll('2026-11-20T', '2026-11-21T')),
    );
  }
}

/** Runs a command in this process; returns what it said. */
async function run(command: Command, ...args: string[]) {
  await command.parseAsync(['--results', dir, ...args], { from: 'user' });
  return { exitCode: process.exitCode, said: said.join('') };
}

it('the report and the costs are about the newest comparison that can decide anything, and name the others', async () => {
  const report = await run(reportCommand());
  expect(report.said).toContain(`about comparison ${DECIDING}\nothers, by make report COMPARISON=<id>: ${TOY}\n`);
  const cost = await run(costCommand());
  expect(cost.said).toContain(`Comparison ${DECIDING} (${dir})\nOthers, by --comparison <id>: ${TOY} (${dir})\n`);
});

it('one that decides between Spin and Node.js goes before a newer one that decides something else', async () => {
  await rm(join(dir, 'comparisons', TOY), { recursive: true });
  await addToy(dir, text => text.replaceAll('"kind": "spin"', '"kind": "other"'));
  const report = await run(reportCommand());
  expect(report.said).toContain(`about comparison ${DECIDING}\nothers, by make report COMPARISON=<id>: ${TOY}\n`);
  const cost = await run(costCommand());
  expect(cost.said).toContain(`Comparison ${DECIDING} (${dir})\n`);
});

it('a comparison that was named is taken, and said to decide nothing', async () => {
  const { said: text } = await run(reportCommand(), '--comparison', TOY);
  expect(text).toContain(`about comparison ${TOY}, whose runs are too few to decide anything\n`);
});

it.each([compareCommand, costCommand, reportCommand])(
  'one that is not there is answered with those that are: %o',
  async command => {
    const { exitCode, said: text } = await run(command(), '--comparison', 'nope');
    expect(exitCode).toBe(2);
    expect(text).toMatch(new RegExp(`no comparison 'nope' in ${dir}: there are ${TOY}.*${DECIDING}`));
  },
);

it('README.md is written from published results alone', async () => {
  const { exitCode, said: text } = await run(reportCommand(), '--readme');
  expect(exitCode).toBe(2);
  expect(text).toContain('README.md says what is published');
});
