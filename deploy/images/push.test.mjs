import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { sandbox } from '../fakes.mjs';

const box = sandbox({ fakes: ['az', 'docker', 'git', 'npm', 'spin', 'terraform'] });
after(() => box.remove());
cpSync(new URL('../../local/daprd/go.mod', import.meta.url), box.path('..', 'local', 'daprd', 'go.mod'));

const digest = name => `sha256:${Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64)}`;
const built = (name, argument = `APP=${name}`) => ({
  when: `^docker buildx build .*${argument} `,
  writes: { option: '--metadata-file', text: JSON.stringify({ 'containerimage.digest': digest(name) }) },
});
const answers = [
  { when: '^git rev-parse', says: '0123456789ab' },
  { when: 'output -raw registry_login_server', says: 'orderbench.azurecr.io' },
  ...['spin-current', 'spin-rust', 'spin'].map(name => ({
    when: `^spin registry push --from apps/${name}/`,
    says: `Pushing\nPushed with digest ${digest(name)}`,
  })),
  { when: '^spin registry push --from apps/order-api/spin/', says: `Pushed with digest ${digest('order-api-spin')}` },
  built('order-api-express', 'APP=order-api/express'),
  built('express-fetch'),
  built('express-bulk'),
  built('express'),
  built('null'),
  built('warp-rust', 'LINKED=dynamically'),
  built('warp-rust-static', 'LINKED=statically'),
  {
    when: '^docker buildx build .*daprd\\.Dockerfile ',
    writes: { option: '--metadata-file', text: JSON.stringify({ 'containerimage.digest': digest('daprd') }) },
  },
];
const push = (args = [], { first = [] } = {}) => box.run('images/push.sh', args, { answers: [...first, ...answers] });

test('the digests go into a values file a contender', () => {
  const { status, stderr } = push();
  assert.equal(status, 0, stderr);
  const programs = ['express', 'express-fetch', 'express-bulk', 'null', 'warp-rust', 'warp-rust-static'];
  for (const name of ['spin', 'spin-current', 'spin-rust', ...programs]) {
    assert.deepEqual(parse(box.text('values', `image-${name}.yaml`)), {
      runtime: programs.includes(name) ? 'program' : 'spin',
      ...(name === 'express-bulk' && { transport: 'topics' }),
      image: { repository: `orderbench.azurecr.io/order-bench/${name}`, tag: '0123456789ab', digest: digest(name) },
    });
  }
});

test('the Order API’s digests go into values that are laid over its contender’s', () => {
  assert.equal(push().status, 0);
  for (const name of ['order-api-express', 'order-api-spin']) {
    assert.deepEqual(parse(box.text('values', `image-${name}.yaml`)), {
      orderApi: {
        image: { repository: `orderbench.azurecr.io/order-bench/${name}`, tag: '0123456789ab', digest: digest(name) },
      },
    });
  }
});

test('daprd is the one of local/daprd, by its digest and the version of Dapr that go.mod has', () => {
  assert.equal(push().status, 0);
  const {
    repository,
    tag,
    digest: pushed,
    refusesUnanswered,
  } = parse(box.text('values', 'image-daprd.yaml')).dapr.image;
  assert.equal(refusesUnanswered, true, 'the chart is told of its middleware');
  assert.equal(repository, 'orderbench.azurecr.io/order-bench/daprd');
  assert.equal(pushed, digest('daprd'));
  const chart = parse(readFileSync(new URL('../chart/values.yaml', import.meta.url), 'utf8'));
  assert.equal(tag, chart.dapr.image.tag);
});

test('every image is pushed with its bill of materials', () => {
  const builds = push().calls.filter(call => call.startsWith('docker buildx build '));
  assert.equal(builds.length, 8);
  for (const build of builds) assert.match(build, / --sbom=true /);
});

test('a push that tells no digest is an error', () => {
  const { status, stderr } = push([], {
    first: [{ when: '^spin registry push', says: 'Pushed; the registry did not return the digest' }],
  });
  assert.equal(status, 1);
  assert.match(stderr, /the push of spin told no digest/);
});

test('a changed work tree is refused: the tag would lie', () => {
  const { status, stderr, calls } = push([], {
    first: [{ when: '^git status', says: ' M apps/spin/src/component.ts' }],
  });
  assert.equal(status, 2);
  assert.match(stderr, /differs from commit 0123456789ab/);
  assert.ok(calls.every(call => call.startsWith('git')));
});

test('a dry run prints what it would run and runs none of it', () => {
  const { status, stdout, calls } = push(['--dry-run']);
  assert.equal(status, 0);
  assert.match(stdout, /^az acr login --name orderbench/m);
  assert.match(
    stdout,
    /^spin registry push --from apps\/spin\/spin\.toml orderbench\.azurecr\.io\/order-bench\/spin:0123456789ab/m,
  );
  assert.equal(stdout.match(/^docker buildx build /gm).length, 8);
  assert.ok(calls.every(call => /^(git|terraform) /.test(call)));
});

for (const name of ['node', 'rust', 'stand-in'])
  test(`what ${name}.Dockerfile copies is there`, () => {
    const dockerfile = readFileSync(new URL(`${name}.Dockerfile`, import.meta.url), 'utf8');
    for (const [, files] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)) {
      for (const file of files.split(' ')) assert.ok(existsSync(new URL(`../../${file}`, import.meta.url)), file);
    }
  });
