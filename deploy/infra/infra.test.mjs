import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { parse } from 'yaml';
import { sandbox } from '../fakes.mjs';
import { clusterPlan } from './plan.fixture.mjs';

const box = sandbox({ fakes: ['az', 'git', 'terraform'] });
after(() => box.remove());
beforeEach(() => {
  box.write('key = "order-bench.tfstate"\n', 'infra', 'backend.hcl');
  box.write('location = "westeurope"\n', 'infra', 'terraform.tfvars');
});

const answers = [
  { when: '^az account show .*user\\.type', says: 'someone@example.org\nuser' },
  { when: '^az account show .*user\\.name', says: 'someone@example.org' },
  { when: '^az ad signed-in-user show', says: '00000000-0000-0000-0000-00000000000e' },
  { when: '^az account show .*--query id ', says: 'sub' },
  { when: '^az provider show', says: 'Registered' },
  { when: '^az role assignment list', says: 'Owner' },
  { when: '^az aks get-versions', says: '1.36' },
  { when: '^az vm list-skus', says: 'family\t4\t1,2,3\t' },
  { when: '^az vm list-usage', says: '100\t0' },
  { when: ' show -json ', says: JSON.stringify(clusterPlan()) },
  { when: 'output -json chart_values', says: '{"azure":{}}' },
];
const infra = (args, { first = [], ...more } = {}) =>
  box.run('infra/infra.sh', args, { answers: [...first, ...answers], ...more });
const applied = calls => calls.filter(call => / apply /.test(call));

test('up makes what was planned and shown, and nothing before somebody has typed yes', () => {
  for (const input of ['', 'no\n', 'y\n']) {
    const { status, stdout, calls } = infra(['up'], { input });
    assert.equal(status, 1);
    assert.match(stdout, /nothing was changed/);
    assert.deepEqual(applied(calls), []);
  }
  const { status, stdout, stderr, calls } = infra(['up'], { input: 'yes\n' });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /preflight capacity: all there\n\nPaid by the hour/);
  assert.match(applied(calls)[0], new RegExp(` ${box.path('infra', 'infra.tfplan')}$`));
  assert.deepEqual(JSON.parse(box.text('values', 'infra.yaml')), { azure: {} });
});

test('a failed capacity check ends up before anything is made, --yes or not', () => {
  const { status, stderr, calls } = infra(['up', '--yes'], { first: [{ when: '^az vm list-usage', says: '1\t0' }] });
  assert.equal(status, 2);
  assert.match(stderr, /vCPU quota/);
  assert.deepEqual(applied(calls), []);
});

test('down asks, removes, and takes the values away', () => {
  infra(['up', '--yes']);
  assert.deepEqual(applied(infra(['down'], { input: 'no\n' }).calls), []);
  assert.ok(box.has('values', 'infra.yaml'));
  const { status, calls } = infra(['down'], { input: 'yes\n' });
  assert.equal(status, 0);
  assert.ok(calls.some(call => / plan -destroy /.test(call)));
  assert.equal(applied(calls).length, 1);
  assert.ok(!box.has('values', 'infra.yaml'));
});

const terraform = ['terraform', 'tofu'].find(program => !spawnSync(program, ['version']).error);
const without = terraform === undefined && 'neither terraform nor tofu is here';

test('settings that would compare machines, open what is to be closed or reach another cloud are refused', {
  skip: without,
}, t => {
  const folder = mkdtempSync(join(tmpdir(), 'order-bench-variables-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(new URL('variables.tf', import.meta.url), join(folder, 'variables.tf'));
  spawnSync(terraform, ['init', '-input=false'], { cwd: folder });
  const plan = settings => {
    writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify({ location: 'westeurope', ...settings }));
    const { status, stdout, stderr } = spawnSync(terraform, ['plan', '-input=false', '-no-color'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return status === 0 ? 'planned' : `${stdout}${stderr}`.replace(/[\s│]+/g, ' ');
  };
  const amd64 = { classic: { vm_size: 'Standard_D4ds_v5' } };
  assert.equal(plan({}), 'planned');
  assert.match(plan({ pools: amd64 }), /spin and classic differ/);
  assert.equal(plan({ pools: amd64, unequal_pools: true }), 'planned');
  assert.equal(plan({ client_networks: ['203.0.113.7', '198.51.100.0/24'] }), 'planned');
  for (const network of ['203.0.113.7/32', '0.0.0.0/0', '2001:db8::/48', 'anywhere'])
    assert.match(plan({ client_networks: [network] }), /client_networks must be/, network);
  for (const location of ['chinanorth3', 'US Gov Virginia']) assert.match(plan({ location }), /public cloud/, location);
});

test('the role for the state is given by object id', () => {
  const { status, stderr, calls } = infra(['state', 'westeurope']);
  assert.equal(status, 0, stderr);
  const given = calls.find(call => call.startsWith('az role assignment create'));
  assert.match(given, / --assignee-object-id 00000000-0000-0000-0000-00000000000e /);
});

const read = name => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Every manifest of dapr-components. */
const manifests = ['dapr-components', 'dapr-components/topics'].flatMap(folder =>
  readdirSync(new URL(`../../${folder}`, import.meta.url))
    .filter(file => file.endsWith('.yaml'))
    .map(file => parse(read(`../../${folder}/${file}`))),
);
// Of a Subscription it is no list.
const setting = ({ spec: { metadata } }, key) =>
  Array.isArray(metadata) ? metadata.find(({ name }) => name === key)?.value : undefined;
/** Pairs of a role and a topic that it sends to, as in `receiver-express=orders;orders-view=orders-dead`. */
const publishing = manifests
  .flatMap(each => (setting(each, 'publishingScopes') ?? '').split(';').filter(Boolean))
  .map(scope => scope.split('='))
  .flatMap(([role, topics]) => topics.split(',').map(topic => [role, topic]));
const subscriptions = manifests.filter(({ kind }) => kind === 'Subscription');
const sorted = values => [...new Set(values)].sort();

test('queues, topics, subscriptions, containers and limits are those of the apps', () => {
  const messaging = read('messaging.tf');
  const storage = read('storage.tf');
  const named = (text, ...names) =>
    sorted(names.flatMap(name => JSON.parse(new RegExp(`^  ${name} += toset\\((\\[.*\\])\\)$`, 'm').exec(text)[1])));
  const settings = key => sorted(manifests.map(each => setting(each, key)).filter(value => value !== undefined));
  assert.deepEqual(named(messaging, 'queues', 'api_queues'), settings('queueName'));
  // `testdata` is the generator's.
  assert.deepEqual(named(storage, 'containers', 'api_containers'), sorted([...settings('containerName'), 'testdata']));
  const topics = subscriptions.map(({ spec }) => spec.topic);
  // What is sent to a topic that no app reads is kept for a person.
  const dead = publishing.map(([, topic]) => topic).filter(topic => !topics.includes(topic));
  assert.deepEqual(named(messaging, 'topics'), sorted([...topics, ...dead]));
  assert.deepEqual(
    named(messaging, 'subscriptions'),
    sorted([
      ...subscriptions.flatMap(({ spec, scopes }) => scopes.map(appId => `${spec.topic}/${appId}`)),
      ...dead.map(topic => `${topic}/kept`),
    ]),
  );
  const largest = Number(
    /MAX_ORDER_BYTES = ([\d_]+)/.exec(read('../../apps/orders/src/limits.ts'))[1].replaceAll('_', ''),
  );
  const limits = [...messaging.matchAll(/max_message_size_in_kilobytes = (\d+)\n/g)].map(([, limit]) => Number(limit));
  assert.deepEqual(limits, [largest / 1024, largest / 1024], 'of queues and of topics');
});

test('each role may do what its Dapr components do, and no more', () => {
  const identities = read('identities.tf');
  const granted = role => {
    const [, ...lists] = new RegExp(
      `${role} +=.*receives = (\\[.*?\\]), sends = (\\[.*?\\]), reads = (\\[.*?\\]), writes = (\\[.*?\\])`,
    ).exec(identities);
    const [receives, sends, reads, writes] = lists.map(list => JSON.parse(list));
    return { receives, sends, reads, writes };
  };
  const needed = {};
  const needs = (role, right, what) => {
    needed[role] ??= { receives: [], sends: [], reads: [], writes: [] };
    needed[role][right] = sorted([...needed[role][right], what]);
  };
  for (const manifest of manifests.filter(({ kind }) => kind === 'Component')) {
    const { type } = manifest.spec;
    for (const role of manifest.scopes) {
      const container = setting(manifest, 'containerName');
      if (type === 'bindings.azure.servicebusqueues')
        needs(role, setting(manifest, 'direction') === 'input' ? 'receives' : 'sends', setting(manifest, 'queueName'));
      // Orders are written by who receives them; others only show them.
      else if (container !== undefined)
        needs(role, type.startsWith('bindings.') && role.startsWith('orders-') ? 'reads' : 'writes', container);
    }
  }
  for (const [role, topic] of publishing) needs(role, 'sends', topic);
  for (const { spec, scopes } of subscriptions)
    for (const role of scopes) needs(role, 'receives', `${spec.topic}/${role}`);
  assert.equal(Object.keys(needed).length, 6);
  for (const [role, rights] of Object.entries(needed)) assert.deepEqual(granted(role), rights, role);
});
