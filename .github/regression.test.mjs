import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';

/** Runs the script in a folder where `node` gives these exit codes, one after another. */
function regression(...exitCodes) {
  return regressionWith({}, exitCodes);
}

/** The same with flags of `bench compare`, or with variables. */
function regressionWith({ flags = [], env = {} }, exitCodes) {
  const dir = mkdtempSync(join(tmpdir(), 'regression-'));
  try {
    for (const folder of ['.github', 'bin']) mkdirSync(join(dir, folder));
    copyFileSync(join(import.meta.dirname, 'regression.sh'), join(dir, '.github', 'regression.sh'));
    const calls = join(dir, 'calls');
    writeFileSync(calls, '');
    writeFileSync(
      join(dir, 'bin', 'node'),
      `#!/bin/sh\necho "$@" >> '${calls}'\necho "table $(wc -l < '${calls}')"\nset -- ${exitCodes.join(' ')}\nshift $(($(wc -l < '${calls}') - 1))\nexit "$1"\n`,
    );
    chmodSync(join(dir, 'bin', 'node'), 0o755);
    const comment = join(dir, 'comment.md');
    const { status } = spawnSync(join(dir, '.github', 'regression.sh'), ['abc1234', comment, ...flags], {
      env: { ...process.env, ...env, PATH: `${join(dir, 'bin')}${delimiter}${process.env.PATH}` },
    });
    return {
      status,
      comment: readFileSync(comment, 'utf8'),
      calls: readFileSync(calls, 'utf8').trimEnd().split('\n'),
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('a comparison that finds no regression is told with its table', () => {
  const { status, comment, calls } = regression(0);
  assert.equal(status, 0);
  assert.match(comment, /^\*\*No regression against abc1234\.\*\*[\s\S]*undecided[\s\S]*table 1/);
  assert.equal(calls.length, 1);
  assert.match(calls[0], /^bench\/dist\/main\.js compare --base abc1234 /);
});

test('a regression that the second comparison does not decide is no alert', () => {
  const { status, comment } = regression(3, 0);
  assert.equal(status, 0);
  assert.match(comment, /a second did not[\s\S]*table 2/);
});

test('a regression that two comparisons decide is one', () => {
  const { status, comment, calls } = regression(3, 3);
  assert.equal(status, 3);
  assert.match(comment, /^\*\*Regression against abc1234/);
  assert.equal(calls.length, 2);
});

test('a comparison that could not be made fails and is called no regression', () => {
  for (const exitCodes of [[1], [3, 1]]) {
    const { status, comment } = regression(...exitCodes);
    assert.equal(status, 1);
    assert.match(comment, /not complete: exit code 1/);
  }
});

test('flags of bench compare are passed on to both comparisons, after its own', () => {
  const { calls } = regressionWith({ flags: ['--orders', '500'] }, [3, 0]);
  assert.equal(calls.length, 2);
  for (const call of calls) assert.match(call, /--contenders spin-ts express-ts --runs 12 --orders 500$/);
});

test('RUNS and CONTENDERS change what is compared', () => {
  const { calls } = regressionWith({ env: { RUNS: '8', CONTENDERS: 'express-ts' } }, [0]);
  assert.match(calls[0], /--contenders express-ts --runs 8$/);
});
