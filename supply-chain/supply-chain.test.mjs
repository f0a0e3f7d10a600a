import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isAccepted, licenceOf, survey } from './licences.mjs';
import { npmPackages, root, spinCurrentPackages } from './packages.mjs';

const dir = mkdtempSync(join(tmpdir(), 'supply-chain-'));
after(() => rmSync(dir, { recursive: true }));

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

test('every dependency of every workspace is pinned to one version', () => {
  const workspaces = Object.entries(lock.packages).filter(
    ([path, { link }]) => !path.includes('node_modules/') && !link,
  );
  assert.ok(workspaces.length > 5);
  for (const path of [...workspaces.map(([path]) => path), 'apps/spin-current']) {
    const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
    const { dependencies, devDependencies, optionalDependencies, overrides } = manifest;
    for (const [name, version] of Object.entries({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
      ...overrides,
    }))
      assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${path || 'package.json'}: ${name}`);
  }
});

test('every package of the lockfile has the hash of its content', () => {
  // Builds for other systems (`os`) that npm did not fetch here have none.
  const unhashed = Object.entries(lock.packages).filter(
    ([path, { link, integrity, inBundle, optional, os }]) =>
      path.includes('node_modules/') && !link && !inBundle && !integrity && !(optional && os),
  );
  assert.deepEqual(
    unhashed.map(([path]) => path),
    [],
  );
});

test('every npm package has a licence that is accepted', () => {
  assert.deepEqual(survey([...npmPackages(), ...spinCurrentPackages()]).refused, []);
});

test('an unknown licence is refused, and so is none', () => {
  const { lines, refused } = survey([
    { purl: 'pkg:npm/a@1.0.0', licence: 'MIT' },
    { purl: 'pkg:npm/b@1.0.0', licence: 'BUSL-1.1' },
    { purl: 'pkg:npm/c@1.0.0', licence: undefined },
  ]);
  assert.deepEqual(
    refused.map(({ purl }) => purl),
    ['pkg:npm/b@1.0.0', 'pkg:npm/c@1.0.0'],
  );
  assert.deepEqual(lines, ['     1  MIT', '     1  BUSL-1.1', '     1  none']);
});

test('what was looked up counts before what a package says', () => {
  assert.equal(licenceOf({ purl: 'pkg:npm/%40rollup/rollup-linux-x64-gnu@1.2.3', licence: undefined }), 'MIT');
});

for (const [expression, expected] of [
  ['MIT', true],
  ['apache-2.0', true],
  ['GPL-3.0-only', false],
  ['MIT OR GPL-3.0-only', true],
  ['MIT AND GPL-3.0-only', false],
  ['(MIT OR GPL-3.0-only) AND ISC', true],
  ['MIT AND (ISC AND GPL-3.0-only)', false],
  ['MIT/Apache-2.0', true],
  ['Apache-2.0 WITH LLVM-exception', true],
  ['GPL-2.0-only WITH Classpath-exception-2.0', false],
  ['MIT)', false],
  ['(MIT', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['', false],
]) {
  test(`'${expression}' is ${expected ? '' : 'not '}accepted`, () => assert.equal(isAccepted(expression), expected));
}

for (const name of ['node.Dockerfile', 'rust.Dockerfile']) {
  test(`the image of ${name} ends as a user that is not root, told by number`, () => {
    const users = readFileSync(join(root, 'deploy/images', name), 'utf8').match(/^(FROM|USER) .*$/gm);
    assert.match(users.at(-1), /^USER [1-9]\d*:[1-9]\d*$/);
  });
}

test('the bill of materials names every part once, by what it is fetched by', () => {
  const file = join(dir, 'sbom.json');
  execFileSync('node', [join(root, 'supply-chain/sbom.mjs'), file], { stdio: 'pipe' });
  const bill = JSON.parse(readFileSync(file, 'utf8'));
  assert.equal(bill.bomFormat, 'CycloneDX');
  assert.match(bill.specVersion, /^1\.\d$/);
  assert.match(bill.serialNumber, /^urn:uuid:[0-9a-f-]{36}$/);
  assert.equal(bill.metadata.component.name, 'order-distribution-benchmark');
  const all = bill.components.flatMap(component => [component, ...(component.components ?? [])]);
  for (const { type, name, version, purl } of all) {
    assert.ok(['library', 'application'].includes(type), name);
    if (type === 'library') assert.match(purl, /^pkg:(npm|golang|cargo)\/\S+@\S+$/, `${name} ${version}`);
  }
  const refs = all.map(component => component['bom-ref']);
  assert.equal(new Set(refs).size, refs.length);
  for (const part of ['pkg:npm/express@', 'pkg:golang/github.com/dapr/dapr@', 'pkg:cargo/wasmtime@'])
    assert.ok(
      all.some(({ purl }) => purl?.startsWith(part)),
      part,
    );
  for (const { ref, dependsOn = [] } of bill.dependencies)
    for (const target of [ref, ...dependsOn])
      assert.ok(refs.includes(target) || target === bill.metadata.component['bom-ref'], target);
  assert.ok(!JSON.stringify(bill).includes(root), 'no path of this machine');
});
