import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, beforeEach, test } from 'node:test';
import { sandbox } from '../fakes.mjs';
import { clusterPlan } from './plan.fixture.mjs';

const box = sandbox({ fakes: ['az', 'terraform', 'git'] });
after(() => box.remove());
beforeEach(() => {
  box.write('key = "order-bench.tfstate"\n', 'infra', 'backend.hcl');
  box.write('location = "westeurope"\n', 'infra', 'terraform.tfvars');
});

const answers = [
  { when: '^az account show .*user\\.name', says: 'someone@example.org' },
  { when: '^az account show .*tenantId', says: 'tenant' },
  { when: '^az account show .*--query id ', says: 'sub' },
  { when: '^az provider show', says: 'Registered' },
  { when: '^az role assignment list', says: 'Owner' },
  { when: '^az aks get-versions', says: '1.36' },
  { when: '^az vm list-skus', says: 'family\t4\t1,2,3\t' },
  { when: '^az vm list-usage', says: '100\t0' },
  { when: '^git hash-object', says: '0123456789abcdef' },
  { when: ' show -json ', says: JSON.stringify(clusterPlan()) },
  { when: 'output -json chart_values', says: '{"azure":{}}' },
];
const infra = (args, { first = [], ...more } = {}) =>
  box.run('infra/infra.sh', args, { answers: [...first, ...answers], ...more });
const terraform = calls => calls.filter(call => call.startsWith('terraform')).map(call => call.split(' ')[2]);

test('a plan changes nothing, checks capacity, and tells the cost', () => {
  const { status, stdout, stderr, calls } = infra(['plan']);
  assert.equal(status, 0, stderr);
  assert.deepEqual(terraform(calls), ['init', 'plan', 'show']);
  assert.match(
    stdout,
    /preflight capacity: all there\n\nPaid by the hour.*\n.*nodes system.*\n[\s\S]*No prices here, so no sum/,
  );
});

test('the cost is counted from the prices that are given', () => {
  box.write(
    JSON.stringify({
      currency: 'EUR',
      region: 'westeurope',
      nodes: [{ size: 'Standard_D4ds_v5', hour: { amount: 1 } }],
      serviceBusUnitHour: { amount: 4, asOf: '2026-01-02' },
    }),
    'prices',
  );
  const { stdout } = infra(['plan'], { env: { PRICES: box.path('prices') } });
  assert.match(stdout, /2 x Standard_D4ds_v5 +2\.000 EUR\/h/);
});

test('state and providers are those of the files here', () => {
  const { calls } = infra(['plan']);
  assert.ok(calls.some(call => call.endsWith('init -input=false -backend-config=backend.hcl')));
  for (const call of calls.filter(call => call.startsWith('terraform')))
    assert.match(call, new RegExp(`-chdir=${box.path('infra')} `));
});

test('up makes nothing before somebody has typed yes', () => {
  for (const input of ['', 'no\n', 'y\n']) {
    const { status, stdout, calls } = infra(['up'], { input });
    assert.equal(status, 1);
    assert.match(stdout, /nothing was changed/);
    assert.deepEqual(terraform(calls), ['init', 'plan', 'show']);
  }
});

test('up makes what was planned and shown, and writes the values for the chart', () => {
  for (const [args, input] of [
    [['up'], 'yes\n'],
    [['up', '--yes'], ''],
  ]) {
    const { status, stderr, calls } = infra(args, { input });
    assert.equal(status, 0, stderr);
    assert.deepEqual(terraform(calls), ['init', 'plan', 'show', 'apply', 'output']);
    assert.ok(calls.some(call => call.endsWith(`apply -input=false ${box.path('infra', 'infra.tfplan')}`)));
    assert.deepEqual(JSON.parse(box.text('values', 'infra.yaml')), { azure: {} });
  }
});

test('a failed capacity check ends up before anything is made, --yes or not', () => {
  const { status, stderr, calls } = infra(['up', '--yes'], { first: [{ when: '^az vm list-usage', says: '1\t0' }] });
  assert.equal(status, 2);
  assert.match(stderr, /vCPU quota/);
  assert.ok(!terraform(calls).includes('apply'));
});

test('down shows, asks, removes, and takes the values away', () => {
  infra(['up', '--yes']);
  assert.deepEqual(terraform(infra(['down'], { input: 'no\n' }).calls), ['init', 'plan']);
  assert.ok(box.has('values', 'infra.yaml'));
  const { status, calls } = infra(['down'], { input: 'yes\n' });
  assert.equal(status, 0);
  assert.deepEqual(terraform(calls), ['init', 'plan', 'apply']);
  assert.ok(calls.some(call => / plan -destroy /.test(call)));
  assert.ok(!box.has('values', 'infra.yaml'));
});

test('state makes an account that takes no keys and points Terraform at it', () => {
  const { status, stderr, calls } = infra(['state', 'westeurope']);
  assert.equal(status, 0, stderr);
  assert.ok(
    calls.some(call =>
      /^az storage account create --name orderbenchtf01234567 .*--allow-shared-key-access false/.test(call),
    ),
  );
  assert.match(
    box.text('infra', 'backend.hcl'),
    /storage_account_name = "orderbenchtf01234567"\n[\s\S]*use_azuread_auth {5}= true/,
  );
});

test('what is missing is named with what to do', () => {
  box.write('', 'infra', 'backend.hcl');
  const without = sandbox({ fakes: ['az', 'terraform'] });
  const run = () => without.run('infra/infra.sh', ['plan'], { answers });
  assert.match(run().stderr, /backend\.hcl is missing: run deploy\/infra\/infra\.sh state <region> once/);
  without.write('', 'infra', 'backend.hcl');
  assert.match(run().stderr, /terraform\.tfvars is missing: copy terraform\.tfvars\.example/);
  without.remove();
});

test('OpenTofu is taken where there is no Terraform, and TERRAFORM names another', () => {
  const tofu = sandbox({ fakes: ['az', 'tofu', 'mytf'] });
  tofu.write('', 'infra', 'backend.hcl');
  tofu.write('', 'infra', 'terraform.tfvars');
  const programs = env => tofu.run('infra/infra.sh', ['plan'], { answers, env }).recorded.map(({ program }) => program);
  assert.ok(programs({}).includes('tofu'));
  assert.ok(programs({ TERRAFORM: 'mytf' }).includes('mytf'));
  tofu.remove();
});

test('wrong use is refused', () => {
  for (const args of [[], ['apply'], ['state'], ['plan', '--yes'], ['up', '--force'], ['down', 'now']]) {
    const { status, calls } = infra(args);
    assert.equal(status, 2, args.join(' '));
    assert.deepEqual(calls, []);
  }
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
