import { APP_IDS } from '@order-bench/orders';
import { describe, expect, it } from 'vitest';
import type { Cluster, Deployment, Part, Pod, Release, ScaledObject } from './cluster.js';
import { startContender, stopContenders } from './contender-switch.js';

interface FakeDeployment extends Deployment {
  readonly role: string;
}

const deploymentsOf = (contender: string, parts: readonly Part[], changes: Partial<FakeDeployment> = {}) =>
  parts.flatMap(part =>
    APP_IDS.map(
      (role): FakeDeployment => ({
        namespace: `order-bench-${contender}`,
        name: `${contender}-${role}${part === 'dapr' ? '-dapr' : ''}`,
        role,
        replicas: 2,
        chartReplicas: 2,
        contender,
        part,
        ...changes,
      }),
    ),
  );
/** What spin-operator makes of SpinApps: without the chart's labels, and never scaled. */
const spinApps = deploymentsOf('spin', ['app'], { chartReplicas: undefined }).map(each => ({
  ...each,
  contender: undefined,
  part: undefined,
}));

/** A cluster that makes and removes pods at once. Pods of a generation are all made by one start of them. */
class FakeCluster {
  readonly calls: string[] = [];
  readonly #replicas = new Map<string, number>();
  #spinGeneration = 1;

  constructor(readonly all: readonly FakeDeployment[]) {}

  deployments = async (namespace?: string) =>
    this.all
      .filter(each => (namespace === undefined ? each.part !== undefined : each.namespace === namespace))
      .map(each => ({ ...each, replicas: this.#replicas.get(each.name) ?? each.replicas }));

  releases = async (namespace: string) =>
    this.all
      .filter(each => each.namespace === namespace)
      .map(({ name }): Release => ({ namespace, name, image: 'made-up:1', namedBy: 'Deployment' }));

  scale = async ({ name }: Deployment, replicas: number) => {
    this.calls.push(`${name} ${replicas}`);
    this.#replicas.set(name, replicas);
  };

  setReplicas = (name: string, replicas: number) => this.#replicas.set(name, replicas);

  deletePods = async (pods: readonly Pod[]) => {
    this.calls.push(`delete ${pods.map(({ role }) => role).join(' ')}`);
    this.#spinGeneration++;
  };

  pods = async () =>
    this.all.flatMap(({ name, namespace, role, replicas, contender = 'spin', part = 'app' }) =>
      Array.from(
        { length: this.#replicas.get(name) ?? replicas },
        (_, index): Pod => ({
          namespace,
          name: `${name}-${index}`,
          uid: `${name}-${index}-${this.#spinGeneration}`,
          node: 'node-1',
          contender,
          role,
          part,
          isReady: true,
          restarts: 0,
          image: 'made-up:1',
          namedImage: 'made-up:1',
          limits: {},
        }),
      ),
    );
}

const clusterOf = (...all: readonly FakeDeployment[]) => scaledClusterOf([], ...all);
const scaledClusterOf = (scaled: readonly ScaledObject[], ...all: readonly FakeDeployment[]) => {
  const fake = new FakeCluster(all);
  const unused = () => Promise.reject(new Error('not asked for here'));
  const cluster: Cluster = {
    ...fake,
    nodes: unused,
    bindings: unused,
    cgroups: unused,
    metrics: unused,
    standIns: unused,
    forward: unused,
    standInVersion: unused,
    scaledObjects: async () => [...scaled],
    pause: async ({ name }) => {
      fake.calls.push(`pause ${name}`);
      await Promise.all(scaled.filter(each => each.name === name).map(({ target }) => fake.setReplicas(target, 0)));
    },
    resume: unused,
    readAutoscalers: unused,
    keda: unused,
    watchScaling: () => {
      throw new Error('not asked for here');
    },
  };
  return { fake, cluster };
};
const { signal } = new AbortController();
const express = deploymentsOf('express', ['app', 'dapr']);
const spin = [...spinApps, ...deploymentsOf('spin', ['dapr'])];

describe('stopping every contender', () => {
  it('scales all Deployments of the chart to 0, and leaves SpinApps', async () => {
    const { fake, cluster } = clusterOf(...express, ...spin);
    await stopContenders(cluster, { next: 'spin', isScaled: false, signal });
    expect(fake.calls).toHaveLength(9);
    expect(fake.calls.every(call => call.endsWith(' 0'))).toBe(true);
    expect((await fake.pods()).every(pod => pod.contender === 'spin' && pod.part === 'app')).toBe(true);
  });

  it('is refused, with nothing scaled, where the next one is not installed', async () => {
    const { fake, cluster } = clusterOf(...express);
    await expect(stopContenders(cluster, { next: 'null', isScaled: false, signal })).rejects.toThrow(
      'null is not installed on the cluster of kubectl’s context, there is express',
    );
    expect(fake.calls).toEqual([]);
  });

  it('is refused, with nothing scaled, where daprds are sidecars', async () => {
    const { fake, cluster } = clusterOf(...express, ...deploymentsOf('null', ['app']));
    await expect(stopContenders(cluster, { next: 'express', isScaled: false, signal })).rejects.toThrow(
      'dapr.mode=shared',
    );
    expect(fake.calls).toEqual([]);
  });

  it('is refused, with nothing scaled, where the next one is installed twice', async () => {
    const twice = deploymentsOf('express', ['app', 'dapr'], { namespace: 'another' });
    const { fake, cluster } = clusterOf(...express, ...twice);
    await expect(stopContenders(cluster, { next: 'express', isScaled: false, signal })).rejects.toThrow(
      'express is installed in more than one namespace, another, order-bench-express',
    );
    expect(fake.calls).toEqual([]);
  });

  it('is refused, with nothing scaled, where the Order API would be counted with the next one', async () => {
    const [daprd] = deploymentsOf('express', ['dapr']);
    if (!daprd) throw new Error('no Deployment to change');
    const api = { ...daprd, name: 'express-orders-view-dapr', role: 'orders-view' };
    const { fake, cluster } = clusterOf(...express, ...spin, api);
    await expect(stopContenders(cluster, { next: 'express', isScaled: false, signal })).rejects.toThrow(
      'install express with orderApi.enabled=false',
    );
    expect(fake.calls).toEqual([]);
    await stopContenders(cluster, { next: 'spin', isScaled: false, signal });
    expect(fake.calls).toContain('express-orders-view-dapr 0');
  });

  it('has KEDA keep at 0 what it scales, once, even with sidecars', async () => {
    const scaled = APP_IDS.map(
      (role, index): ScaledObject => ({
        namespace: 'order-bench-null',
        name: `null-${role}`,
        contender: 'null',
        role,
        target: `null-${role}`,
        isPaused: index === 0,
        isReady: true,
        most: 6,
        scaling: {},
      }),
    );
    const nulls = deploymentsOf('null', ['app'], { chartReplicas: undefined });
    const { fake, cluster } = scaledClusterOf(
      scaled,
      ...express,
      ...nulls.map((each, index) => ({ ...each, replicas: index === 0 ? 0 : 2 })),
    );
    await stopContenders(cluster, { next: 'express', isScaled: false, signal });
    expect(fake.calls).toEqual([
      ...APP_IDS.slice(1).map(role => `pause null-${role}`),
      ...express.map(({ name }) => `${name} 0`),
    ]);
    expect(await fake.pods()).toEqual([]);
  });

  it('knows a SpinApp at no pods by what scales it', async () => {
    const scaled = APP_IDS.map(
      (role): ScaledObject => ({
        namespace: 'order-bench-spin',
        name: `spin-${role}`,
        contender: 'spin',
        role,
        target: `spin-${role}`,
        isPaused: true,
        isReady: true,
        most: 6,
        scaling: {},
      }),
    );
    const { fake, cluster } = scaledClusterOf(scaled, ...spinApps.map(each => ({ ...each, replicas: 0 })));
    await stopContenders(cluster, { next: 'spin', isScaled: true, signal });
    expect(fake.calls).toEqual([]);
  });

  it('is refused, with nothing scaled, where KEDA is to scale the next one and does not', async () => {
    const { fake, cluster } = clusterOf(...express);
    await expect(stopContenders(cluster, { next: 'express', isScaled: true, signal })).rejects.toThrow(
      'KEDA does not scale express',
    );
    expect(fake.calls).toEqual([]);
  });

  it('is refused, with nothing scaled, where nobody owns the replicas of one of them', async () => {
    const { fake, cluster } = clusterOf(
      ...express,
      ...deploymentsOf('null', ['app'], { chartReplicas: undefined }),
      ...deploymentsOf('null', ['dapr']),
    );
    await expect(stopContenders(cluster, { next: 'express', isScaled: false, signal })).rejects.toThrow(
      'nobody says how many pods null-distributor has: install null',
    );
    expect(fake.calls).toEqual([]);
  });
});

describe('starting a contender', () => {
  it('brings it up alone, apps before daprds, with the replicas of the chart', async () => {
    const { fake, cluster } = clusterOf(...express, ...spin);
    await stopContenders(cluster, { next: 'express', isScaled: false, signal });
    fake.calls.length = 0;
    const { namespace, pods } = await startContender(cluster, 'express', signal);
    expect(namespace).toBe('order-bench-express');
    expect(pods).toHaveLength(12);
    expect(fake.calls).toEqual(express.map(({ name }) => `${name} 2`));
  });

  it('replaces the pods of a SpinApp, which was never scaled to 0', async () => {
    const { fake, cluster } = clusterOf(...express, ...spin);
    await stopContenders(cluster, { next: 'spin', isScaled: false, signal });
    fake.calls.length = 0;
    const { pods } = await startContender(cluster, 'spin', signal);
    expect(fake.calls[0]).toMatch(/^delete distributor distributor receiver-express/);
    expect(fake.calls.slice(1)).toEqual(APP_IDS.map(role => `spin-${role}-dapr 2`));
    expect(pods.filter(({ part }) => part === 'app')).toHaveLength(6);
  });

  it('is refused where nobody says how many pods it has', async () => {
    const { cluster } = clusterOf(
      ...deploymentsOf('express', ['app'], { chartReplicas: undefined }),
      ...deploymentsOf('express', ['dapr']),
    );
    await expect(startContender(cluster, 'express', signal)).rejects.toThrow(
      'nobody says how many pods express-distributor has',
    );
  });
});
