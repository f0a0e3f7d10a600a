import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
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

test('queues, containers and limits are those of the apps', () => {
  const read = name => readFileSync(new URL(name, import.meta.url), 'utf8');
  const components = name => read(`../../dapr-components/${name}.yaml`);
  const messaging = read('messaging.tf');
  const storage = read('storage.tf');
  for (const name of [
    'q-order-ingress',
    'q-order-express-in',
    'q-order-standard-in',
    'q-order-express-out',
    'q-order-standard-out',
  ]) {
    const queue = /name: queueName\n\s+value: (\S+)/.exec(components(name))[1];
    assert.ok(messaging.includes(`"${queue}"`), queue);
  }
  for (const name of ['express-outbox', 'standard-outbox']) {
    const container = /name: containerName\n\s+value: (\S+)/.exec(components(name))[1];
    assert.ok(storage.includes(`"${container}"`), container);
  }
  const largest = Number(
    /MAX_ORDER_BYTES = ([\d_]+)/.exec(read('../../apps/orders/src/limits.ts'))[1].replaceAll('_', ''),
  );
  assert.match(messaging, new RegExp(`max_message_size_in_kilobytes = ${largest / 1024}\\n`));
});

test('each role may do what its Dapr components do, and no more', () => {
  const read = name => readFileSync(new URL(name, import.meta.url), 'utf8');
  const identities = read('identities.tf');
  const granted = role => {
    const [, receives, sends, writes] = new RegExp(
      `${role} +=.*receives = (\\[.*?\\]), sends = (\\[.*?\\]), writes = (\\[.*?\\])`,
    ).exec(identities);
    return { receives: JSON.parse(receives), sends: JSON.parse(sends), writes: JSON.parse(writes) };
  };
  const needed = { distributor: { receives: [], sends: [], writes: [] } };
  for (const role of ['receiver-express', 'receiver-standard']) needed[role] = { receives: [], sends: [], writes: [] };
  for (const name of [
    'q-order-ingress',
    'q-order-express-in',
    'q-order-standard-in',
    'q-order-express-out',
    'q-order-standard-out',
    'express-outbox',
    'standard-outbox',
  ]) {
    const text = read(`../../dapr-components/${name}.yaml`);
    const value = key => new RegExp(`name: ${key}\\n\\s+value: (\\S+)`).exec(text)?.[1];
    const scope = /scopes:\n\s+- (\S+)/.exec(text)[1];
    if (value('containerName')) needed[scope].writes.push(value('containerName'));
    else needed[scope][value('direction') === 'input' ? 'receives' : 'sends'].push(value('queueName'));
  }
  for (const [role, rights] of Object.entries(needed)) assert.deepEqual(granted(role), rights, role);
});
