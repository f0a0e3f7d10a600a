import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checks, outcome } from './audit.mjs';

const [npm, go, cargo] = checks;

test('a program that ends well has found nothing', () => {
  for (const check of checks) assert.equal(outcome({ status: 0, output: 'dial tcp' }, check), 'clean');
});

test('a program that fails has found something, unless it says that it could not ask', () => {
  assert.equal(outcome({ status: 1, output: '1 high severity vulnerability' }, npm), 'found');
  assert.equal(outcome({ status: 1, output: 'npm error audit endpoint returned an error' }, npm), 'unasked');
  assert.equal(outcome({ status: 1, output: 'Vulnerability #1: GO-2026-0001\nexit status 3' }, go), 'found');
  assert.equal(outcome({ status: 1, output: 'dial tcp: lookup vuln.go.dev: no such host' }, go), 'unasked');
  assert.equal(outcome({ status: 1, output: 'Crate: a\nID: RUSTSEC-2026-0001' }, cargo), 'found');
  assert.equal(outcome({ status: 101, output: 'error: no such command: `audit`' }, cargo), 'unasked');
});

test('a program that is not here has asked nothing', () => {
  assert.equal(outcome({ error: new Error('spawn cargo ENOENT'), status: null, output: '' }, cargo), 'unasked');
});
