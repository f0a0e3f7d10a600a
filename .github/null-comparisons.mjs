#!/usr/bin/env node
// How often the regression check cries wolf: runs it again and again with the same commit on both sides, and writes down what came
// of each. What it does each time is what the workflow does, unless RUNS, CONTENDERS or flags of `bench compare` make it shorter. Where the
// file has comparisons of this kind already, as of one that was stopped, they count, and those that lack are made.
// usage: node .github/null-comparisons.mjs <how many> <file> [flags of bench compare]
// exit code: 0 all are made, whatever they found; 2 wrong use, or a file that can't be read or has comparisons of another kind.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const [countText, file, ...flags] = process.argv.slice(2);
const count = Number(countText);
if (!Number.isSafeInteger(count) || count < 1 || file === undefined) {
  console.error(`usage: node .github/null-comparisons.mjs <how many> <file> [flags of bench compare]`);
  process.exit(2);
}
const { stdout: commit } = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
const { RUNS = null, CONTENDERS = null } = process.env;
const kind = { RUNS, CONTENDERS, flags };
const comparisons = madeBefore();
const dir = mkdtempSync(join(tmpdir(), 'null-comparisons-'));
try {
  mkdirSync(dirname(file), { recursive: true });
  for (let number = comparisons.length + 1; number <= count; number += 1) {
    comparisons.push(compare(commit.trim()));
    const alerts = comparisons.filter(({ outcome }) => outcome === 'alert').length;
    // After each: one that is stopped has what was done.
    store({ ...kind, planned: count, alerts, comparisons });
    console.log(`${number} of ${count}: ${comparisons.at(-1).outcome}; ${alerts} alerts`);
  }
} finally {
  rmSync(dir, { recursive: true });
}

function madeBefore() {
  if (!existsSync(file)) return [];
  const { RUNS, CONTENDERS, flags, comparisons } = stored();
  if (JSON.stringify({ RUNS, CONTENDERS, flags }) === JSON.stringify(kind)) return comparisons;
  refuse(`the comparisons in ${file} were made with other RUNS, CONTENDERS or flags: name another file`);
}

function stored() {
  const whatNow = 'mend it, or move it away or name another file to begin anew';
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    refuse(`${file} can't be read (${error.code}): ${whatNow}`);
  }
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    refuse(`${file} is not JSON, as one that was cut off: ${whatNow}`);
  }
  const isOurs = Array.isArray(found?.comparisons) && found.comparisons.every(one => typeof one?.outcome === 'string');
  return isOurs ? found : refuse(`${file} has no list of comparisons, each with its outcome: ${whatNow}`);
}

/** Beside it and then in its place: whoever is stopped meanwhile leaves the file whole, as it was before or as it is now. */
function store(found) {
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, `${JSON.stringify(found, null, 2)}\n`);
  renameSync(beside, file);
}

function refuse(why) {
  console.error(`error: ${why}`);
  process.exit(2);
}

/** @returns what a pull request without a change would have been told. */
function compare(base) {
  const comment = join(dir, 'comment.md');
  const startedAt = Date.now();
  // From other seeds other orders of the runs.
  const seed = String(comparisons.length + 1);
  const args = [base, comment, '--seed', seed, ...flags];
  const { status } = spawnSync(join(import.meta.dirname, 'regression.sh'), args, {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const said = readFileSync(comment, 'utf8');
  return {
    outcome: outcomeOf(status, said),
    says: said.split('\n')[0].replaceAll('**', ''),
    // Of the last one, where there were two.
    comparison: /^ +comparison (\S+)/m.exec(said)?.[1] ?? null,
    seed: Number(seed),
    commit: base,
    startedAt: new Date(startedAt).toISOString(),
    seconds: Math.round((Date.now() - startedAt) / 1000),
  };
}

function outcomeOf(status, said) {
  if (status === 3) return 'alert';
  if (status !== 0) return 'not complete';
  return said.includes('a first comparison decided one') ? 'decided once' : 'no regression';
}
