import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { sandbox } from '../fakes.mjs';

const everyTool = ['az', 'helm', 'kubectl', 'kubelogin', 'terraform'];
const box = sandbox({ fakes: everyTool });
after(() => box.remove());

const answers = [
  { when: '^kubectl version', says: 'clientVersion:\n  gitVersion: v1.34.2' },
  { when: 'output -raw resource_group', says: 'orderbench-westeurope' },
  { when: 'output -raw cluster_name', says: 'orderbench-aks' },
  { when: 'output -raw keda_client_id', says: 'keda-client' },
  { when: 'output -raw tenant_id', says: 'tenant' },
  { when: '^kubectl get nodes', says: 'node/spin-0\nnode/spin-1' },
];
const up = ({ first = [], ...more } = {}) => box.run('cluster/up.sh', [], { answers: [...first, ...answers], ...more });

/** The calls that change the cluster or wait for it, shortened to what they are about. */
const steps = calls =>
  calls.flatMap(call => {
    const chart = /^helm upgrade --install (\S+) .*--version (\S+)/.exec(call);
    if (chart) return [`chart ${chart[1]} ${chart[2]}`];
    const applied = /^kubectl apply .*\/(\S+)$/.exec(call);
    if (applied) return [`apply ${applied[1]}`];
    const rolledOut = /^kubectl rollout status (\S+)/.exec(call);
    if (rolledOut) return [`rollout ${rolledOut[1]}`];
    const waited = /^kubectl wait (\S+)/.exec(call);
    return waited ? [`wait ${waited[1]}`] : [];
  });

test('the add-ons are installed in order, pinned, each waited for', () => {
  const { status, stderr, calls } = up();
  assert.equal(status, 0, stderr);
  assert.deepEqual(steps(calls), [
    'wait node',
    'chart cert-manager v1.21.3',
    'chart runtime-class-manager 0.2.0',
    'apply shim.yaml',
    'wait shim/spin-v2',
    'wait runtimeclass/wasmtime-spin-v2',
    'apply runtime-class-toleration.yaml',
    'apply spin-operator.crds.yaml',
    'wait crd/spinapps.core.spinkube.dev',
    'chart spin-operator 0.6.1',
    'chart dapr 1.18.3',
    'chart keda 2.20.2',
    'apply cgroup-reader.yaml',
    'rollout daemonset/cgroup-reader',
  ]);
  for (const call of calls.filter(call => call.startsWith('helm upgrade')))
    assert.match(call, / --wait --timeout 10m /);
});

test('a second run does the same again', () => {
  assert.deepEqual(up().calls, up().calls);
});

test('only the cluster of deploy/infra is touched, through a kubeconfig of its own', () => {
  const { recorded, calls } = up();
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

test('KEDA gets the identity that Terraform made for it', () => {
  const keda = up().calls.find(call => call.startsWith('helm upgrade --install keda'));
  assert.match(
    keda,
    /--set-string podIdentity\.azureWorkload\.clientId=keda-client --set-string podIdentity\.azureWorkload\.tenantId=tenant$/,
  );
});

test('the shim is waited for on every node of the spin pool', () => {
  assert.ok(up().calls.some(call => call.includes('shim/spin-v2 --for=jsonpath={.status.nodesReady}=2 ')));
});

test('a shim that does not arrive ends it, with where to look', () => {
  const { status, stderr, calls } = up({ first: [{ when: '^kubectl wait shim', exitCode: 1 }] });
  assert.equal(status, 1);
  assert.match(stderr, /not on all 2 nodes of the spin pool.*kubectl logs --namespace runtime-class-manager/s);
  assert.ok(!steps(calls).includes('chart spin-operator 0.6.1'));
});

test('a chart that does not come up ends it', () => {
  const { status, calls } = up({ first: [{ when: '^helm upgrade --install cert-manager', exitCode: 1 }] });
  assert.equal(status, 1);
  assert.deepEqual(steps(calls), ['wait node', 'chart cert-manager v1.21.3']);
});

test('a cluster without a spin pool is refused before anything is installed', () => {
  const { status, stderr, calls } = up({ first: [{ when: '^kubectl get nodes', says: '' }] });
  assert.equal(status, 1);
  assert.match(stderr, /order-bench\/pool=spin/);
  assert.deepEqual(steps(calls), ['wait node']);
});

test('who may not administer the cluster is told why that may be, before anything is installed', () => {
  const { status, stderr, calls } = up({ first: [{ when: '^kubectl auth can-i', exitCode: 1 }] });
  assert.equal(status, 1);
  assert.match(stderr, /may not administer orderbench-aks \(yet\).*operator_object_ids/);
  assert.deepEqual(steps(calls), []);
});

test('without infra-up it says so', () => {
  const { status, stderr } = up({ first: [{ when: 'output -raw', exitCode: 1 }] });
  assert.equal(status, 2);
  assert.match(stderr, /Terraform's output resource_group is not there: run make infra-up first/);
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
  assert.deepEqual(steps(calls), []);
});

test('an unknown argument is refused, and --help tells what there is', () => {
  assert.equal(box.run('cluster/up.sh', ['--force']).status, 2);
  const { status, stdout, calls } = box.run('cluster/up.sh', ['--help']);
  assert.equal(status, 0);
  assert.match(stdout, /^Usage: deploy\/cluster\/up\.sh/);
  assert.deepEqual(calls, []);
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
  assert.equal(values.dapr.controlPlaneNamespace, /^chart dapr (\S+) /m.exec(read('up.sh'))[1]);
});
