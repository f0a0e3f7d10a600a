import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

/** Runs the script beside a regression.sh that says and ends so, one comparison after another; `before` stands in the file already. */
function nullComparisons({ args, before }, ...outcomes) {
  const dir = mkdtempSync(join(tmpdir(), 'null-comparisons-'));
  try {
    mkdirSync(join(dir, '.github'));
    copyFileSync(join(import.meta.dirname, 'null-comparisons.mjs'), join(dir, '.github', 'null-comparisons.mjs'));
    const calls = join(dir, 'calls');
    const cases = outcomes.map(
      ([exitCode, says], index) => `${index + 1}) echo '**${says}**' > "$2"; exit ${exitCode} ;;`,
    );
    writeFileSync(calls, '');
    writeFileSync(
      join(dir, '.github', 'regression.sh'),
      `#!/bin/sh\necho "$@" >> '${calls}'\ncase "$(wc -l < '${calls}' | tr -d ' ')" in\n${cases.join('\n')}\nesac\n`,
    );
    chmodSync(join(dir, '.github', 'regression.sh'), 0o755);
    if (before !== undefined) {
      mkdirSync(join(dir, 'new'));
      writeFileSync(join(dir, 'new', 'null.json'), typeof before === 'string' ? before : JSON.stringify(before));
    }
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(dir, '.github', 'null-comparisons.mjs'), ...args(dir)],
      {
        encoding: 'utf8',
      },
    );
    const stored = () => JSON.parse(readFileSync(join(dir, 'new', 'null.json'), 'utf8'));
    const files = () => ({ files: readdirSync(join(dir, 'new')) });
    const ended = { status, stderr, calls: readFileSync(calls, 'utf8').trimEnd().split('\n') };
    return { ...ended, ...(status === 0 ? { ...files(), ...stored() } : {}) };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** For so many comparisons. */
const argsFor = count => dir => [String(count), join(dir, 'new', 'null.json'), '--orders', '500'];

test('each comparison is of a commit with itself, has a seed of its own, and is counted by what it came to', () => {
  const { calls, comparisons, alerts, planned, flags } = nullComparisons(
    { args: argsFor(4) },
    [0, 'No regression against abc.'],
    [0, 'No regression against abc: a first comparison decided one, a second did not.'],
    [3, 'Regression against abc: two comparisons of two decide it.'],
    [1, 'The comparison with abc was not complete: exit code 1.'],
  );
  assert.deepEqual(
    comparisons.map(({ outcome, seed }) => [outcome, seed]),
    [
      ['no regression', 1],
      ['decided once', 2],
      ['alert', 3],
      ['not complete', 4],
    ],
  );
  assert.equal(alerts, 1);
  assert.equal(planned, 4);
  assert.deepEqual(flags, ['--orders', '500']);
  assert.match(calls[1], /comment\.md --seed 2 --orders 500$/);
});

const stopped = {
  RUNS: null,
  CONTENDERS: null,
  flags: ['--orders', '500'],
  comparisons: [{ outcome: 'alert', seed: 1 }],
};

test('one that was stopped goes on with the seed that comes next, and counts what was made', () => {
  const { calls, comparisons, alerts } = nullComparisons({ args: argsFor(2), before: stopped }, [
    0,
    'No regression against abc.',
  ]);
  assert.equal(calls.length, 1);
  assert.match(calls[0], /--seed 2 /);
  assert.deepEqual(
    comparisons.map(({ outcome }) => outcome),
    ['alert', 'no regression'],
  );
  assert.equal(alerts, 1);
});

test('the file is replaced as a whole: it alone is left', () => {
  const { files } = nullComparisons({ args: argsFor(1) }, [0, 'No regression against abc.']);
  assert.deepEqual(files, ['null.json']);
});

test('a file that was cut off, or edited into something else, is a line that says what to do, and nothing runs', () => {
  const whole = JSON.stringify(stopped);
  const broken = [whole.slice(0, -20), '', '[]', 'null', JSON.stringify({ ...stopped, comparisons: [null] })];
  for (const before of broken) {
    const { status, stderr, calls } = nullComparisons({ args: argsFor(2), before });
    assert.equal(status, 2, before);
    assert.match(
      stderr,
      /^error: \S+null\.json .*: mend it, or move it away or name another file to begin anew\n$/,
      before,
    );
    assert.deepEqual(calls, [''], before);
  }
});

test('comparisons of another kind are not added to', () => {
  assert.equal(nullComparisons({ args: argsFor(2), before: { ...stopped, RUNS: '8' } }).status, 2);
});

test('wrong use is refused before anything runs', () => {
  for (const args of [[], ['0', 'x.json'], ['3']]) assert.equal(nullComparisons({ args: () => args }).status, 2);
});
