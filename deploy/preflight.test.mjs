import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sandbox } from './fakes.mjs';
import { clusterPlan } from './infra/plan.fixture.mjs';

const box = sandbox({ fakes: ['az', 'terraform'] });
after(() => box.remove());

const answers = [
  { when: '^az account show .*user\\.type', says: 'someone@example.org\nuser' },
  { when: '^az account show .*user\\.name', says: 'someone@example.org' },
  { when: '^az ad signed-in-user show', says: '00000000-0000-0000-0000-00000000000e' },
  { when: '^az account show .*--query id ', says: 'sub' },
  { when: '^az provider show', says: 'Registered' },
  { when: '^az role assignment list', says: 'Contributor\nRole Based Access Control Administrator' },
  { when: '^az aks get-versions', says: '1.35\n1.36' },
  { when: '^az vm list-skus .*Standard_D4ds_v5', says: 'standardDDSv5Family\t4\t1,2,3\t' },
  { when: '^az vm list-skus .*Standard_D4pds_v5', says: 'standardDPDSv5Family\t4\t1,2,3\t' },
  { when: "^az vm list-usage .*'cores'", says: '100\t20' },
  { when: '^az vm list-usage', says: '50\t0' },
];
const preflight = (args, { first = [], ...more } = {}) =>
  box.run('preflight.sh', args, { answers: [...first, ...answers], ...more });
const capacity = (first, plan = clusterPlan()) => {
  box.write(JSON.stringify(plan), 'plan.json');
  return preflight(['capacity', box.path('plan.json')], { first });
};

test('where all is there it says so and changes nothing', () => {
  for (const args of [['login'], ['infra']]) {
    const { status, stdout, stderr, calls } = preflight(args);
    assert.equal(status, 0, stderr);
    assert.match(stdout, new RegExp(`preflight ${args[0]}: all there`));
    for (const call of calls)
      assert.match(call, /^az (account show|ad signed-in-user show|provider show|role assignment list)/);
  }
  const { status, stdout, stderr } = capacity();
  assert.equal(status, 0, stderr);
  assert.match(stdout, /preflight capacity: all there/);
});

test('rights are asked for by object id, of a person and of a service principal', () => {
  const asked = ({ calls }) => calls.find(call => call.startsWith('az role assignment list'));
  assert.match(asked(preflight(['infra'])), / --assignee 00000000-0000-0000-0000-00000000000e /);
  const pipeline = preflight(['infra'], {
    first: [
      { when: '^az account show .*user\\.type', says: 'app-id\nservicePrincipal' },
      { when: '^az ad sp show --id app-id ', says: '00000000-0000-0000-0000-00000000000f' },
    ],
  });
  assert.match(asked(pipeline), / --assignee 00000000-0000-0000-0000-00000000000f /);
});

test('a Contributor who may not give roles is told so', () => {
  const { status, stderr } = preflight(['infra'], { first: [{ when: '^az role assignment', says: 'Contributor' }] });
  assert.equal(status, 2);
  assert.match(
    stderr,
    /someone@example\.org may not give roles.*\n +ask an owner for the role Role Based Access Control Administrator/,
  );
  assert.doesNotMatch(stderr, /may not make resources/);
});

test('vCPUs of one family are added up over the pools, and measured against what is free', () => {
  // system, classic and dapr: 6 nodes of 4 vCPUs of one family.
  const { status, stderr } = capacity([{ when: "list-usage .*'standardDDSv5Family'", says: '30\t8' }]);
  assert.equal(status, 2);
  assert.match(stderr, /vCPU quota standardDDSv5Family in westeurope: 24 needed, 22 free of 30/);
  assert.doesNotMatch(stderr, /DPDSv5/);
});

test('the limit over all families counts as well', () => {
  const { stderr } = capacity([{ when: "list-usage .*'cores'", says: '40\t10' }]);
  assert.match(stderr, /vCPU quota cores in westeurope: 32 needed, 30 free of 40/);
});

test('a size that the subscription cannot have is told, and its quota not asked for', () => {
  const { status, stderr, calls } = capacity([{ when: '^az vm list-skus .*D4pds', says: '' }]);
  assert.equal(status, 2);
  assert.match(stderr, /can't have Standard_D4pds_v5 in westeurope/);
  assert.ok(!calls.some(call => call.includes('standardDPDSv5Family')));
});

test('a zone without the size, or closed to the subscription, is told with the zones that have it', () => {
  const without = capacity([{ when: '^az vm list-skus .*D4pds', says: 'standardDPDSv5Family\t4\t2,3\t' }]);
  assert.match(without.stderr, /Standard_D4pds_v5 is not to be had in zone 1 of westeurope\n.*zones with it: 2,3/);
  const closed = capacity([{ when: '^az vm list-skus .*D4pds', says: 'standardDPDSv5Family\t4\t1,2,3\t1' }]);
  assert.match(closed.stderr, /not to be had in zone 1 .*\n.*closed to this subscription: 1/);
});

test('in a region without zones none is asked for', () => {
  const { status, stderr } = capacity(
    [{ when: '^az vm list-skus', says: 'standardDDSv5Family\t4\t\t' }],
    clusterPlan({ zone: null }),
  );
  assert.equal(status, 0, stderr);
});

test('a Kubernetes version that AKS does not offer there is told with those it does', () => {
  const { status, stderr } = capacity([{ when: '^az aks get-versions', says: '1.37\n1.38' }]);
  assert.equal(status, 2);
  assert.match(stderr, /AKS offers no Kubernetes 1\.36 in westeurope\n.*one of: 1\.37 1\.38/);
});

test('a plan that adds no nodes needs no quota', () => {
  const { status, calls } = capacity([], clusterPlan({ existing: true }));
  assert.equal(status, 0);
  assert.ok(!calls.some(call => call.startsWith('az vm')));
});
