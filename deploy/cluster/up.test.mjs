import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { sandbox } from '../fakes.mjs';

const box = sandbox({ fakes: ['az', 'curl', 'helm', 'kubectl', 'kubelogin', 'terraform'] });
after(() => box.remove());

const answers = [
  { when: '^kubectl version', says: 'clientVersion:\n  gitVersion: v1.34.2' },
  { when: 'output -raw resource_group', says: 'orderbench-westeurope' },
  { when: 'output -raw cluster_name', says: 'orderbench-aks' },
  { when: 'output -raw keda_client_id', says: 'keda-client' },
  { when: 'output -raw keda$', says: 'helm' },
  { when: 'output -raw tenant_id', says: 'tenant' },
  { when: '^kubectl get nodes', says: 'node/spin-0\nnode/spin-1' },
];

// What the stand-in for curl fetches is a file of one word, whose hash is put in the place of the real ones.
const fetched = { when: '^curl ', writes: { option: '--output', text: 'definitions' } };
const hash = createHash('sha256').update('definitions').digest('hex');
box.write(
  `${box.text('cluster', 'versions.sh')}spin_operator_crd_hashes="${hash}  spinapps.yaml"\n`,
  'cluster',
  'versions.sh',
);
answers.push(fetched);

test('definitions of SpinKube that are not those whose hash is known are not installed', () => {
  const { status, stderr, calls } = box.run('cluster/up.sh', [], {
    answers: [{ ...fetched, writes: { option: '--output', text: 'others' } }, ...answers],
  });
  assert.equal(status, 1);
  assert.match(stderr, /spinapps\.yaml is not the file whose hash is in deploy\/cluster\/versions\.sh/);
  assert.ok(!calls.some(call => call.startsWith('kubectl wait crd')));
  assert.ok(!calls.some(call => /^helm .*spin-operator/.test(call)));
});

test('only the cluster of deploy/infra is touched, through a kubeconfig of its own', () => {
  const { status, stderr, recorded, calls } = box.run('cluster/up.sh', [], { answers });
  assert.equal(status, 0, stderr);
  const kubeconfig = box.path('.kube', 'config');
  assert.ok(
    calls.includes(
      `az aks get-credentials --resource-group orderbench-westeurope --name orderbench-aks --file ${kubeconfig} --overwrite-existing`,
    ),
  );
  for (const { program, args, kubeconfig: used } of recorded) {
    const local = args[0] === 'version';
    if ((program === 'helm' || program === 'kubectl') && !local)
      assert.equal(used, kubeconfig, `${program} ${args.join(' ')}`);
  }
});

test('KEDA is installed by Helm, or waited for where AKS has it as its add-on', () => {
  const helm = box.run('cluster/up.sh', [], { answers });
  assert.ok(helm.calls.some(call => /^helm upgrade .*kedacore/.test(call)));
  const addOn = box.run('cluster/up.sh', [], {
    answers: [{ when: 'output -raw keda$', says: 'add-on' }, ...answers],
  });
  assert.equal(addOn.status, 0, addOn.stderr);
  assert.ok(!addOn.calls.some(call => /^helm upgrade .*kedacore/.test(call)));
  assert.ok(
    addOn.calls.some(call => /^kubectl rollout status deployment\/keda-operator --namespace kube-system/.test(call)),
  );
});

test('missing tools and an old kubectl are all named, with how to get them, and nothing is done', () => {
  const bare = sandbox({ fakes: ['az', 'kubectl'] });
  const { status, stderr, calls } = bare.run('cluster/up.sh', [], {
    answers: [{ when: '^kubectl version', says: 'clientVersion:\n  gitVersion: v1.30.9' }],
  });
  bare.remove();
  assert.equal(status, 2);
  assert.match(stderr, /helm is not on your PATH\n +install Helm/);
  assert.match(stderr, /kubelogin is not on your PATH\n +install it: az aks install-cli/);
  assert.match(stderr, /kubectl 1\.30 is too old\n +install 1\.31 or newer/);
  assert.ok(!calls.some(call => /^(helm|kubectl) (upgrade|apply|wait)/.test(call)));
});

test('the tolerations are for the RuntimeClass, the handler and the pool of the shim', () => {
  const shim = parse(readFileSync(new URL('shim.yaml', import.meta.url), 'utf8'));
  const runtimeClass = parse(readFileSync(new URL('runtime-class-toleration.yaml', import.meta.url), 'utf8'));
  assert.equal(runtimeClass.metadata.name, shim.spec.runtimeClass.name);
  assert.equal(runtimeClass.handler, shim.spec.runtimeClass.handler);
  const [{ key, value, effect }] = runtimeClass.scheduling.tolerations;
  assert.deepEqual({ [key]: value }, shim.spec.nodeSelector);
  const terraform = readFileSync(new URL('../infra/cluster.tf', import.meta.url), 'utf8');
  assert.ok(terraform.includes(`pool_key      = "${key}"`) && terraform.includes(`:${effect}"`));
});

test("the chart's daprd is of the Dapr that is installed, and its Spin pods name the shim's RuntimeClass", () => {
  const read = name => readFileSync(new URL(name, import.meta.url), 'utf8');
  const values = parse(read('../chart/values.yaml'));
  assert.ok(read('versions.sh').includes(`\ndapr_chart=${values.dapr.image.tag}\n`));
  assert.equal(values.spin.runtimeClassName, parse(read('shim.yaml')).spec.runtimeClass.name);
  assert.equal(values.dapr.controlPlaneNamespace, /^ +chart dapr (\S+) /m.exec(read('add-ons.sh'))[1]);
});
