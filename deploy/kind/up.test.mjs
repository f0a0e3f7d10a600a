import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { sandbox } from '../fakes.mjs';

const box = sandbox({ fakes: ['curl', 'docker', 'git', 'helm', 'kind', 'kubectl', 'npm', 'spin'] });
after(() => box.remove());
cpSync(new URL('../../local/daprd/go.mod', import.meta.url), box.path('..', 'local', 'daprd', 'go.mod'));
box.write('console.log(process.argv.slice(2).join(" "));', '..', 'bench', 'dist', 'main.js');

const digest = `sha256:${'1'.repeat(64)}`;
const hash = createHash('sha256').update('definitions').digest('hex');
box.write(
  `${box.text('cluster', 'versions.sh')}spin_operator_crd_hashes="${hash}  spinapps.yaml"\n`,
  'cluster',
  'versions.sh',
);
const answers = [
  { when: '^kind get nodes', says: 'order-bench-control-plane\norder-bench-worker' },
  { when: '^kubectl get nodes', says: 'node/order-bench-worker' },
  { when: '^docker inspect', exitCode: 1 },
  {
    when: '^docker buildx build',
    writes: { option: '--metadata-file', text: `{"containerimage.digest":"${digest}"}` },
  },
  { when: '^spin registry push', says: `Pushed with digest ${digest}` },
  { when: '^git rev-parse', says: '0123456789ab' },
  { when: '^curl ', writes: { option: '--output', text: 'definitions' } },
];

test('only the cluster of kind is touched; each contender is waited for, tested, and 1,000 orders end it', () => {
  const { status, stdout, stderr, recorded, calls } = box.run('kind/up.sh', [], { answers });
  assert.equal(status, 0, stderr);
  for (const { program, kubeconfig } of recorded)
    if (program === 'helm' || program === 'kubectl') assert.equal(kubeconfig, box.path('.kube', 'kind'));
  for (const contender of ['spin', 'express', 'null']) {
    const rollout = calls.indexOf(
      `kubectl rollout status deployment/${contender}-distributor --timeout=10m --namespace order-bench-${contender}`,
    );
    const tested = calls.indexOf(`helm test ${contender} --namespace order-bench-${contender} --timeout 10m`);
    assert.ok(rollout >= 0 && tested > rollout, contender);
  }
  assert.match(stdout, /run --target kubernetes --contenders spin-ts express-ts --orders 1000/);
  assert.ok(calls.every(call => !call.startsWith('az ')));
  assert.equal(
    parse(box.text('values', 'image-stand-ins.yaml')).broker.image,
    `localhost:5001/order-bench/broker:0123456789ab@${digest}`,
  );
});

test('a second time neither the cluster nor the registry is made again', () => {
  const { status, stderr, calls } = box.run('kind/up.sh', [], {
    answers: [{ when: '^kind get clusters', says: 'order-bench' }, { when: '^docker inspect' }, ...answers],
  });
  assert.equal(status, 0, stderr);
  assert.ok(!calls.some(call => /^(kind create|docker run)/.test(call)));
});

test('the nodes have the labels and taints by which the chart and the shim find the pools', () => {
  const read = name => parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
  const pools = read('cluster.yaml').nodes.slice(1);
  assert.deepEqual(
    pools.map(({ labels }) => labels['order-bench/pool']),
    ['spin', 'classic', 'dapr'],
  );
  for (const { labels, kubeadmConfigPatches } of pools)
    assert.deepEqual(parse(kubeadmConfigPatches[0]).nodeRegistration.taints, [
      { key: 'order-bench/pool', value: labels['order-bench/pool'], effect: 'NoSchedule' },
    ]);
  assert.deepEqual(read('../cluster/shim.yaml').spec.nodeSelector, pools[0].labels);
});
