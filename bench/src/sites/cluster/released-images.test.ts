import { describe, expect, it } from 'vitest';
import type { Pod, Release } from './cluster.js';
import { proveReleased } from './released-images.js';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

function pod(changes: Partial<Pod> = {}): Pod {
  return {
    namespace: 'order-bench-spin',
    name: 'spin-distributor-1',
    uid: '1',
    node: 'node-1',
    contender: 'spin',
    role: 'distributor',
    part: 'app',
    isReady: true,
    restarts: 0,
    image: `registry.example/spin@${digest('a')}`,
    namedImage: `registry.example/spin@${digest('a')}`,
    limits: {},
    ...changes,
  };
}

const deployment = (image: string): Release => ({
  namespace: 'order-bench-spin',
  name: 'spin-distributor',
  image,
  namedBy: 'Deployment',
});

describe('pods before a run', () => {
  it('run the digest that their Deployment names, whatever stands before it', () => {
    const named = deployment(`registry.example/spin:1.2.3@${digest('a')}`);
    expect(() => proveReleased([named], [pod()])).not.toThrow();
  });

  it('are named where they are of before an upgrade, with both digests and what to wait for', () => {
    const named = deployment(`registry.example/spin@${digest('b')}`);
    expect(() => proveReleased([named], [pod()])).toThrow(
      `the pod order-bench-spin/spin-distributor-1 runs registry.example/spin@${digest('a')}, and the Deployment spin-distributor ` +
        `names registry.example/spin@${digest('b')}, whose pods must all run the same: wait for 'kubectl rollout status deployment/spin-distributor --namespace order-bench-spin'`,
    );
  });

  it('of before an upgrade of a SpinApp are told apart by its name, and waited for until spin-operator has brought it', () => {
    const named: Release = { ...deployment('spin:after'), namedBy: 'SpinApp' };
    expect(() => proveReleased([named], [pod({ image: 'spin:before', namedImage: 'spin:before' })])).toThrow(
      'runs spin:before, and the SpinApp spin-distributor names spin:after, whose pods must all run the same: ' +
        `wait for 'kubectl wait deployment/spin-distributor --namespace order-bench-spin --for=jsonpath="{.spec.template.spec.containers[0].image}=spin:after" --timeout=5m' ` +
        `and then 'kubectl rollout status deployment/spin-distributor --namespace order-bench-spin', and start the run again`,
    );
  });

  it('have the name where the node knows no digest of a registry, as of an image that was imported', () => {
    const imported = pod({ image: digest('c'), namedImage: 'order-bench/spin:test' });
    expect(() => proveReleased([deployment('order-bench/spin:test')], [imported])).not.toThrow();
    const named = `order-bench/spin:test@${digest('a')}`;
    expect(() => proveReleased([deployment(named)], [{ ...imported, namedImage: named }])).not.toThrow();
    expect(() => proveReleased([deployment('order-bench/spin:other')], [imported])).toThrow(
      `runs ${digest('c')} (order-bench/spin:test), and the Deployment spin-distributor names order-bench/spin:other`,
    );
  });

  it('without a digest all run the same: a tag can be moved between two pulls', () => {
    const first = pod({ image: digest('c'), namedImage: 'order-bench/spin:test' });
    const second = pod({ name: 'spin-distributor-2', image: digest('d'), namedImage: 'order-bench/spin:test' });
    expect(() => proveReleased([deployment('order-bench/spin:test')], [first, second])).toThrow(
      `spin-distributor-2 runs ${digest('d')}`,
    );
  });

  it('of other roles and namespaces are not held against it', () => {
    const others = [pod({ role: 'receiver-express' }), pod({ part: 'dapr' }), pod({ namespace: 'other' })];
    expect(() => proveReleased([deployment(`registry.example/spin@${digest('b')}`)], others)).not.toThrow();
  });
});
