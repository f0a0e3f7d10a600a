import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postOrders, untilQueuesAreEmpty } from '../src/node/api-caller.js';
import { type Mistake, withBrokenChart } from '../src/node/broken-chart.js';
import { startDrain } from '../src/node/drain.js';
import { evictPods, killDaprds, killPods } from '../src/node/faults.js';
import { whyNoNode } from '../src/node/namespaces.js';
import { installRelease, type Release, type ReleaseOptions, sendOrders } from '../src/node/release.js';
import { asksFrom } from '../src/node/stranger.js';
import { startTestCluster, type TestCluster } from '../src/node/test-cluster.js';
import { merged, type Values } from '../src/values.js';

const obstacle = await whyNoNode();
if (obstacle !== undefined) console.warn(`Skipped: every test on a real node. ${obstacle}`);

const ORDERS = 1000;
const API_ORDERS = 200;
/** Slow enough that a fault falls into the drain, and that it goes on long after it. */
const ORDERS_PER_SECOND = 100;

describe.skipIf(obstacle !== undefined)('on a real node', () => {
  let node: TestCluster;
  /** What each step took, in a line. */
  const times: string[] = [];

  beforeAll(async () => {
    node = await timed('images, cluster, Dapr', () => startTestCluster(['express', 'null', 'order-api/express']));
  });

  afterAll(async () => {
    await node?.cluster.stop();
    console.info(times.join('\n'));
  });

  test.for<Row>([
    { what: 'Express behind shared daprds', contender: 'express', benchName: 'express-ts' },
    // Bench keeps contenders from the queues by stopping their daprds, which it can't here.
    { what: 'Express, each pod with a daprd', contender: 'express', values: { dapr: { mode: 'sidecar' } } },
    { what: 'the floor behind shared daprds', contender: 'null', benchName: 'null-ts' },
    {
      what: 'the Spin app on the stand-in host, as Deployments',
      contender: 'spin',
      benchName: 'spin-ts',
      values: { spin: { mode: 'deployment' } },
      profile: 'baseline',
    },
  ])('$what: installed, tested, 1,000 orders, and gone', async row => {
    const { what, benchName } = row;
    const { cluster } = node;
    const release = await timed(`${what}: install`, () => installed(row));
    try {
      await timed(`${what}: helm test`, () => release.test());
      await timed(`${what}: 1,000 orders`, async () => {
        if (benchName) await sendOrders({ cluster, contender: benchName, orders: ORDERS });
        else await duringDrain(ORDERS, async () => {});
      });
    } finally {
      expect(await timed(`${what}: uninstall`, () => release.uninstall())).toEqual([]);
    }
  });

  test('the Order API in front of Express: installed, tested, 200 orders posted and read back, and gone', async () => {
    const what = 'the Order API in front of Express';
    const { cluster } = node;
    const values = { orderApi: { enabled: true } };
    const release = await timed(`${what}: install`, () => installed({ contender: 'express', values }));
    try {
      await timed(`${what}: helm test`, () => release.test());
      const url = `http://express-orders-api.${release.namespace}.svc.cluster.local`;
      const orders = await timed(`${what}: 200 orders`, () => postOrders(cluster, url, API_ORDERS));
      for (const { sent, shown } of orders) {
        expect(shown).toMatchObject({ orderId: sent.orderId, status: 'written', order: sent });
      }
      expect(await untilQueuesAreEmpty(cluster)).toEqual([]);
    } finally {
      expect(await timed(`${what}: uninstall`, () => release.uninstall())).toEqual([]);
    }
  });

  describe('with two pods of everything', () => {
    const values: Values = { app: { replicas: 2 }, dapr: { replicas: 2 } };
    let release: Release;

    beforeAll(async () => {
      release = await installed({ contender: 'express', values });
    });

    test('a rolling upgrade of everything loses none of 2,000 orders', async () => {
      const less = { requests: { memory: '250Mi' }, limits: { memory: '250Mi' } };
      const changed = merged(values, { app: { resources: less }, dapr: { logLevel: 'error' } });
      await timed('upgrade', () =>
        duringDrain(2 * ORDERS, () => release.upgrade(merged(node.values('express'), changed))),
      );
    });

    test.for<Fault>([
      {
        what: 'the pods of a role killed',
        strike: ({ cluster }, { namespace }) => killPods(cluster, { namespace, role: 'distributor', part: 'app' }),
      },
      {
        what: 'a node drained of a role',
        async strike({ cluster }, { namespace }) {
          await evictPods(cluster, { namespace, role: 'receiver-express', part: 'app' });
          await evictPods(cluster, { namespace, role: 'receiver-express', part: 'dapr' });
        },
      },
      { what: 'daprd killed', strike: ({ cluster }) => killDaprds(cluster, 'receiver-standard') },
    ])('$what: every order comes through', async ({ what, strike }) => {
      await timed(what, () => duringDrain(ORDERS, () => strike(node, release)));
    });

    test('a pod of another namespace is refused', async () => {
      const { namespace } = release;
      const app = `http://express-distributor.${namespace}.svc.cluster.local/healthz`;
      const daprd = `http://express-distributor-dapr.${namespace}.svc.cluster.local:3500/v1.0/healthz`;
      // It reaches what nothing protects, and it knows the names.
      const free = 'https://kubernetes.default.svc.cluster.local/livez';
      const names = [app, daprd].map(url => new URL(url).hostname);
      expect(await asksFrom(node.cluster, 'strangers', { urls: [app, daprd, free], names })).toEqual({
        answered: [free],
        known: names,
      });
    });

    test('it is tested, and goes without a trace', async () => {
      await release.test();
      expect(await release.uninstall()).toEqual([]);
    });
  });

  test.for<BrokenRow>([
    {
      what: 'a wrong port',
      mistake: { file: 'templates/daprd.yaml', right: '--app-port=80', wrong: '--app-port=81' },
      said: 'express-distributor-dapr not ready',
    },
    {
      what: 'a missing scope',
      mistake: { file: 'files/dapr-components/express-outbox.yaml', right: '  - receiver-express\n', wrong: '' },
      said: 'has no blob in express-outbox',
    },
    {
      what: 'a policy that is too tight',
      mistake: { file: 'templates/_networkpolicies.tpl', right: 'port: 5671', wrong: 'port: 5672' },
      // The daprd is ready, and its app waits for what it sends to be confirmed.
      said: /returned error: 50[24]/,
    },
  ])('$what in the chart is found', async ({ what, mistake, said }) => {
    const impatient = { test: { timeoutSeconds: 10 } };
    const install = (chart: string) =>
      installed({ contender: 'express', values: impatient, chart, readyLimitSeconds: 40 });
    const found = withBrokenChart(mistake, async chart => {
      const release = await install(chart);
      await release.test().finally(() => release.uninstall());
    });
    await timed(what, () => expect(found).rejects.toThrow(said));
  });

  async function timed<T>(what: string, run: () => Promise<T>): Promise<T> {
    const startMs = performance.now();
    try {
      return await run();
    } finally {
      times.push(`${((performance.now() - startMs) / 1000).toFixed(1).padStart(6)} s  ${what}`);
    }
  }

  function installed({ contender, values = {}, profile = 'restricted', ...rest }: Installation): Promise<Release> {
    const { cluster } = node;
    const all = merged(node.values(contender), values);
    return installRelease({ cluster, name: contender, profile, values: all, ...rest });
  }

  async function duringDrain(orders: number, strike: () => Promise<void>): Promise<void> {
    const drain = startDrain({ cluster: node.cluster, orders, ordersPerSecond: ORDERS_PER_SECOND });
    await drain.untilWritten(orders / 5);
    await strike();
    const { isDrained, lastSeen, correctness } = await drain.end;
    expect(correctness, lastSeen).toMatchObject({
      ...{ written: orders, missing: 0, unexpected: 0, misrouted: 0, corrupt: 0, goodDeadLettered: 0 },
    });
    expect(isDrained).toBe(true);
  }
});

/** A way to install a contender. */
interface Installation extends Partial<Pick<ReleaseOptions, 'profile' | 'values' | 'chart' | 'readyLimitSeconds'>> {
  readonly contender: string;
}

/** One way to install a contender that orders go through. */
interface Row extends Installation {
  readonly what: string;
  /** As bench calls it, where it can run it. */
  readonly benchName?: string;
}

/** What happens during a drain. */
interface Fault {
  readonly what: string;
  readonly strike: (node: TestCluster, release: Release) => Promise<void>;
}

/** A chart that must not pass. */
interface BrokenRow {
  readonly what: string;
  readonly mistake: Mistake;
  /** By whoever finds it. */
  readonly said: string | RegExp;
}
